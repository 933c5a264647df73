package minewatch.collector.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minewatch.feed.Addresses;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AttributionTableTest {
    private static final long FOREVER = Long.MAX_VALUE;

    /// The same answer as asking every row, over dense small worlds where prefixes nest, touch and
    /// repeat, of both families.
    @Property(tries = 300)
    void agreesWithAskingEveryRow(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 60) int count,
            @ForAll boolean ipv6) {
        var random = new Random(seed);
        List<Allocation> rows = rows(random, count, ipv6);
        AttributionTable table = AttributionTable.of(rows);
        for (int i = 0; i < 100; i++) {
            byte[] address = address(random, ipv6);
            long at = random.nextLong(12) - 1;
            assertThat(table.attribute(address, at))
                    .as("%s at %d of %s", Addresses.text(address), at, rows)
                    .isEqualTo(byAskingEveryRow(rows, address, at));
        }
    }

    private static Attribution byAskingEveryRow(List<Allocation> rows, byte[] address, long at) {
        Map<String, Allocation> bySource = new HashMap<>();
        for (Allocation row : rows) {
            boolean covers =
                    row.prefix().ipv6() == (address.length == 16)
                            && IpPrefix.of(address, row.prefix().length()).equals(row.prefix());
            if (covers && at >= row.validFromNanos() && at < row.validToNanos()) {
                bySource.merge(
                        row.source(),
                        row,
                        (a, b) -> a.prefix().length() >= b.prefix().length() ? a : b);
            }
        }
        return Attribution.of(
                bySource.values().stream()
                        .filter(row -> row.useMode().namesEnterprise())
                        .sorted(Comparator.comparing(Allocation::source))
                        .toList());
    }

    /// Rows as the ledger allows them: one registry never has a prefix twice at one time.
    private static List<Allocation> rows(Random random, int count, boolean ipv6) {
        var rows = new ArrayList<Allocation>();
        var taken = new HashSet<String>();
        for (int i = 0; i < count; i++) {
            int bits = ipv6 ? 128 : 32;
            int length = random.nextInt(10) == 0 ? 0 : bits - random.nextInt(ipv6 ? 70 : 8);
            IpPrefix prefix = IpPrefix.of(address(random, ipv6), length);
            String source = "registry-" + random.nextInt(3);
            long from = random.nextLong(8);
            long to = random.nextBoolean() ? FOREVER : from + 1 + random.nextLong(4);
            boolean free = true;
            for (long t = from; t < Math.min(to, 16); t++) {
                free &= !taken.contains(source + prefix + t);
            }
            if (!free) {
                continue;
            }
            for (long t = from; t < Math.min(to, 16); t++) {
                taken.add(source + prefix + t);
            }
            rows.add(
                    new Allocation(
                            i,
                            source,
                            prefix,
                            from,
                            to,
                            new Holder("enterprise-" + random.nextInt(4), null, null, null),
                            List.of(UseMode.STATIC, UseMode.DYNAMIC, UseMode.UNKNOWN)
                                    .get(random.nextInt(3))));
        }
        return rows;
    }

    /// Few distinct addresses, at both ends of the space too, so that rows meet.
    private static byte[] address(Random random, boolean ipv6) {
        byte[] address = new byte[ipv6 ? 16 : 4];
        byte edge = (byte) (random.nextInt(4) == 0 ? 0xFF : random.nextInt(4) == 0 ? 0 : 0x20);
        java.util.Arrays.fill(address, edge);
        address[address.length - 1] = (byte) (edge + random.nextInt(16));
        if (ipv6) {
            address[7] = (byte) (edge + random.nextInt(4));
        }
        return address;
    }

    @Test
    void lastAddressOfTheSpaceIsFound() {
        AttributionTable table = AttributionTable.of(List.of(row("255.255.255.0", 24, "甲", "a")));
        assertThat(table.attribute(octets("255.255.255.255"), 5))
                .isInstanceOf(Attribution.Owned.class);
        assertThat(table.attribute(octets("0.0.0.0"), 5))
                .isInstanceOf(Attribution.Unassigned.class);
    }

    @Test
    void ipv4AndIpv6AreApart() {
        AttributionTable table = AttributionTable.of(List.of(row("0.0.0.0", 0, "甲", "a")));
        assertThat(table.attribute(octets("2001:db8::1"), 5))
                .isInstanceOf(Attribution.Unassigned.class);
    }

    @Test
    void registriesThatAgreeOnTheCreditCodeDoNotContest() {
        var one = new Holder("甲公司", "91350100M000100Y43", null, null);
        var other = new Holder("甲 (集团) 公司", "91350100M000100Y43", null, null);
        AttributionTable table =
                AttributionTable.of(
                        List.of(row("10.0.0.0", 8, one, "a"), row("10.0.0.0", 24, other, "b")));
        assertThat(table.attribute(octets("10.0.0.1"), 5)).isInstanceOf(Attribution.Owned.class);
    }

    @Test
    void aFinerPrefixOfAnotherRegistryDoesNotSilenceTheCoarser() {
        AttributionTable table =
                AttributionTable.of(
                        List.of(row("10.0.0.0", 8, "甲", "a"), row("10.0.0.0", 24, "乙", "b")));
        assertThat(table.attribute(octets("10.0.0.1"), 5))
                .isInstanceOf(Attribution.Contested.class);
    }

    private static Allocation row(String address, int length, String enterprise, String source) {
        return row(address, length, new Holder(enterprise, null, null, null), source);
    }

    private static Allocation row(String address, int length, Holder holder, String source) {
        return new Allocation(
                1,
                source,
                IpPrefix.of(octets(address), length),
                0,
                FOREVER,
                holder,
                UseMode.STATIC);
    }

    private static byte[] octets(String address) {
        ByteString parsed = Addresses.parse(address);
        return parsed.toByteArray();
    }
}
