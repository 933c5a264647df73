package minewatch.signatures.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.EndpointReader;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static Endpoints list(String... rows) throws Exception {
        return Endpoints.of(
                EndpointReader.read(
                        "own.csv", EndpointReader.HEADER + "\n" + String.join("\n", rows)));
    }

    private static String pool(Endpoints endpoints, String name) {
        byte[] bytes = name.getBytes(US_ASCII);
        int found = endpoints.byName(bytes, 0, bytes.length);
        return found == Endpoints.NONE ? "" : endpoints.get(found).pool();
    }

    private static int at(Endpoints endpoints, String address, int port) {
        long[] bits = Objects.requireNonNull(IpAddress.parse(address));
        return endpoints.byAddress(bits[0], bits[1], port);
    }

    @Test
    void aNameIsFoundInAnyCaseAndWithItsLastDot() throws Exception {
        Endpoints endpoints = list("own,pool.example.org,,,,,,,test");

        assertThat(pool(endpoints, "Pool.EXAMPLE.org")).isEqualTo("own");
        assertThat(pool(endpoints, "pool.example.org.")).isEqualTo("own");
    }

    @Test
    void namesBelowAndBesideAnExactNameAreOthers() throws Exception {
        Endpoints endpoints = list("own,pool.example.org,,,,,,,test");

        assertThat(pool(endpoints, "a.pool.example.org")).isEmpty();
        assertThat(pool(endpoints, "mypool.example.org")).isEmpty();
        assertThat(pool(endpoints, "example.org")).isEmpty();
        assertThat(pool(endpoints, "")).isEmpty();
        assertThat(pool(endpoints, ".")).isEmpty();
    }

    @Test
    void aStarMeansEveryNameBelowAndNotTheNameItself() throws Exception {
        Endpoints endpoints = list("own,*.example.org,,,,,,,test");

        assertThat(pool(endpoints, "eu.btc.example.org")).isEqualTo("own");
        assertThat(pool(endpoints, "example.org")).isEmpty();
        assertThat(pool(endpoints, "btcexample.org")).isEmpty();
    }

    @Test
    void theLongestNameCounts() throws Exception {
        Endpoints endpoints =
                list(
                        "all,*.example.org,,,,,,,test",
                        "btc,*.btc.example.org,,,,,,,test",
                        "one,eu.btc.example.org,,,,,,,test");

        assertThat(pool(endpoints, "eu.btc.example.org")).isEqualTo("one");
        assertThat(pool(endpoints, "us.btc.example.org")).isEqualTo("btc");
        assertThat(pool(endpoints, "ltc.example.org")).isEqualTo("all");
    }

    @Test
    void webPagesBelowAPoolsDomainAreNothingUnlessListed() throws Exception {
        Endpoints endpoints =
                list("own,*.example.org,,,,,,,test", "own,api.example.org,,,,,,,test");

        assertThat(pool(endpoints, "www.example.org")).isEmpty();
        assertThat(pool(endpoints, "WWW.btc.example.org")).isEmpty();
        assertThat(pool(endpoints, "api.example.org")).isEqualTo("own");
    }

    @Test
    void theLastRowOfANameCounts() throws Exception {
        Endpoints endpoints =
                list("old,pool.example.org,,,,,,,test", "new,pool.example.org,,,,,,,test");

        assertThat(pool(endpoints, "pool.example.org")).isEqualTo("new");
    }

    @Test
    void anAddressIsFoundOnItsPorts() throws Exception {
        Endpoints endpoints =
                list(
                        "four,203.0.113.7,3333 4444,,,,,,test",
                        "any,203.0.113.8,,,,,,,test",
                        "six,2001:db8::7,3333,,,,,,test");

        assertThat(at(endpoints, "203.0.113.7", 4444)).isZero();
        assertThat(at(endpoints, "203.0.113.7", 5555)).isEqualTo(Endpoints.NONE);
        assertThat(at(endpoints, "203.0.113.8", 1)).isOne();
        assertThat(at(endpoints, "2001:db8::7", 3333)).isEqualTo(2);
        assertThat(at(endpoints, "2001:db8::8", 3333)).isEqualTo(Endpoints.NONE);
    }

    @Test
    void anEndpointCountsUntilItExpires() throws Exception {
        Endpoint endpoint =
                list("own,203.0.113.7,3333,,,,2026-01-31,,test").get(0); // a year, for an address

        assertThat(endpoint.isCurrent(1_801_267_200_000_000_000L)).isTrue(); // 2027-01-30
        assertThat(endpoint.isCurrent(1_801_353_600_000_000_000L)).isFalse(); // 2027-01-31
    }

    @Test
    void everyRowOfTheBuiltInListsIsFoundByItself() throws Exception {
        List<Endpoint> rows = SignaturePacks.endpoints(List.of());
        Endpoints endpoints = Endpoints.of(rows);

        assertThat(rows).hasSizeGreaterThan(800);
        for (Endpoint row : rows) {
            int found =
                    row.isName()
                            ? byName(endpoints, row.host().replace("*.", "stratum-x."))
                            : at(endpoints, row.host(), row.ports().getFirst());
            assertThat(found).as(row.host()).isNotEqualTo(Endpoints.NONE);
            assertThat(endpoints.get(found).pool()).as(row.host()).isEqualTo(row.pool());
        }
    }

    @Test
    void aMillionEndpointsAreFoundAndLookUpsAllocateNothing() throws Exception {
        Endpoints endpoints = Endpoints.of(million());
        byte[] known = "pool777777.list.example.org".getBytes(US_ASCII);
        byte[] unknown = "www.an-ordinary-shop.example.com".getBytes(US_ASCII);
        long[] address = Objects.requireNonNull(IpAddress.parse("10.15.66.64")); // 1,000,000
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        long allocated = Long.MAX_VALUE;
        for (int window = 0; window < 10; window++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                sum += endpoints.byName(known, 0, known.length);
                sum += endpoints.byName(unknown, 0, unknown.length);
                sum += endpoints.byAddress(address[0], address[1], 3333);
                sum += endpoints.byAddress(i, i * 31L, 3333);
            }
            long used = threads.getCurrentThreadAllocatedBytes() - before;
            allocated = Math.min(allocated, used);
        }

        assertThat(endpoints.size()).isEqualTo(1_000_000);
        assertThat(endpoints.get(endpoints.byName(known, 0, known.length)).pool()).isEqualTo("p");
        assertThat(endpoints.byAddress(address[0], address[1], 3333)).isNotNegative();
        assertThat(sum).isPositive();
        assertThat(allocated).isZero();
    }

    private static int byName(Endpoints endpoints, String name) {
        byte[] bytes = name.getBytes(US_ASCII);
        return endpoints.byName(bytes, 0, bytes.length);
    }

    private static List<Endpoint> million() throws Exception {
        StringBuilder text = new StringBuilder(EndpointReader.HEADER).append('\n');
        for (int i = 0; i < 500_000; i++) {
            text.append("p,pool").append(i + 500_000).append(".list.example.org,,,,,,,test\n");
            int address = (10 << 24) + i + 500_001;
            text.append("p,")
                    .append(address >>> 24)
                    .append('.')
                    .append(address >>> 16 & 0xFF)
                    .append('.')
                    .append(address >>> 8 & 0xFF)
                    .append('.')
                    .append(address & 0xFF)
                    .append(",3333,,,,,,test\n");
        }
        List<Endpoint> rows = new ArrayList<>(EndpointReader.read("million.csv", text.toString()));
        Collections.shuffle(rows, new Random(7));
        return rows;
    }
}
