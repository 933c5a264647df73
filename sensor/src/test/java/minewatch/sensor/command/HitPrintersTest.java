package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import minewatch.feed.Addresses;
import minewatch.feed.HitJson;
import minewatch.feed.Times;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import org.junit.jupiter.api.Test;

/// Every row to the letter: scripts read them.
class HitPrintersTest {
    private static final Hit MINER =
            Hit.newBuilder()
                    .setSensor("scan")
                    .setFile("a.pcap")
                    .setSourceIp(Addresses.parse("10.0.0.1"))
                    .setFirstSeenNanos(Times.parse("2026-11-23T08:00:00Z"))
                    .setLastSeenNanos(Times.parse("2026-11-23T08:10:00.5Z"))
                    .setVerdict(Verdict.MINER)
                    .setConfidence(0.9999996)
                    .addProtocols("stratum-v1")
                    .addAlgorithms("sha256d")
                    .addPools(
                            Pool.newBuilder()
                                    .setHost("btc.example")
                                    .setIp(Addresses.parse("203.0.113.9"))
                                    .setPort(3333))
                    .addAgents("cgminer/4.12.0")
                    .addAccounts("farm01")
                    .addWorkers("farm01.rig7")
                    .setSessions(2)
                    .setShares(Shares.newBuilder().setSubmitted(40).setAccepted(39).setRejected(1))
                    .putHashrate("sha256d", rate(1.1e13, 1.4e13, 1.8e13, "H/s"))
                    .addFlows(flow(51234))
                    .addFlows(flow(51235))
                    .build();

    /// Half seen, weak, over IPv6.
    private static final Hit WEAK =
            Hit.newBuilder()
                    .setSensor("scan")
                    .setFile("b.pcap")
                    .setSourceIp(Addresses.parse("2001:db8::1"))
                    .setFirstSeenNanos(Times.parse("2026-11-23T08:00:00Z"))
                    .setLastSeenNanos(Times.parse("2026-11-23T08:00:00Z"))
                    .setVerdict(Verdict.POSSIBLE)
                    .setConfidence(0.73106)
                    .addProtocols("cryptonote")
                    .addPools(Pool.newBuilder().setIp(Addresses.parse("2001:db8::9")).setPort(80))
                    .setSessions(1)
                    .setShares(Shares.newBuilder().setSubmitted(1))
                    .addFlows(flow(40000))
                    .build();

    private final StringBuilder out = new StringBuilder();

    @Test
    void tableIsAlignedAndNamesEveryColumn() throws IOException {
        print(new TablePrinter(out, false), MINER, WEAK);
        assertThat(out)
                .hasToString(
                        """
                        SOURCE IP    VERDICT   CONFIDENCE  PROTOCOL    ALGORITHM  POOL              ACCEPTED/SENT  HASHRATE                      AGENT           FILE
                        10.0.0.1     miner     0.999       stratum-v1  sha256d    btc.example:3333  39/40          14.0 TH/s (11.0 T to 18.0 T)  cgminer/4.12.0  a.pcap
                        2001:db8::1  possible  0.731       cryptonote             [2001:db8::9]:80  ?/1                                                          b.pcap
                        """);
    }

    @Test
    void tableOfNobodyIsEmpty() throws IOException {
        print(new TablePrinter(out, false));
        assertThat(out).isEmpty();
    }

    @Test
    void colourIsForTheVerdictAndMovesNoColumn() throws IOException {
        print(new TablePrinter(out, true), MINER);
        assertThat(out.toString()).contains("10.0.0.1   \u001b[31mminer\u001b[0m    0.999 ");
    }

    @Test
    void numbersDoNotFollowTheLocale() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            print(new TablePrinter(out, false), MINER);
            print(new CsvPrinter(out), MINER);
        } finally {
            Locale.setDefault(before);
        }
        assertThat(out.toString()).contains("  0.999  ", "14.0 TH/s", ",0.999999,");
    }

    @Test
    void csvHasALineForEachAlgorithm() throws IOException {
        Hit two =
                MINER.toBuilder()
                        .addAlgorithms("equihash-200-9")
                        .putHashrate("equihash-200-9", rate(100, 150.5, 200, "Sol/s"))
                        .build();
        print(new CsvPrinter(out), two, WEAK);
        assertThat(out.toString().split("\r\n"))
                .containsExactly(
                        "file,source_ip,verdict,confidence,protocols,algorithm,pools,agents,accounts,workers,sessions,shares_submitted,shares_accepted,shares_rejected,hashrate_low,hashrate_best,hashrate_high,hashrate_unit,first_seen,last_seen",
                        "a.pcap,10.0.0.1,miner,0.999999,stratum-v1,equihash-200-9,btc.example:3333,cgminer/4.12.0,farm01,farm01.rig7,2,40,39,1,100.0,150.5,200.0,Sol/s,2026-11-23T08:00:00.000000000Z,2026-11-23T08:10:00.500000000Z",
                        "a.pcap,10.0.0.1,miner,0.999999,stratum-v1,sha256d,btc.example:3333,cgminer/4.12.0,farm01,farm01.rig7,2,40,39,1,1.1E13,1.4E13,1.8E13,H/s,2026-11-23T08:00:00.000000000Z,2026-11-23T08:10:00.500000000Z",
                        "b.pcap,2001:db8::1,possible,0.73106,cryptonote,,[2001:db8::9]:80,,,,1,1,,,,,,,2026-11-23T08:00:00.000000000Z,2026-11-23T08:00:00.000000000Z");
    }

    @Test
    void csvOfNobodyIsItsHeading() throws IOException {
        print(new CsvPrinter(out));
        assertThat(out.toString()).startsWith("file,source_ip,").endsWith(",last_seen\r\n");
        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void foreignTextRunsNoFormulaAndBreaksNoCell() {
        assertThat(CsvPrinter.cell("=HYPERLINK(1)")).isEqualTo("'=HYPERLINK(1)");
        assertThat(CsvPrinter.cell("@a")).isEqualTo("'@a");
        assertThat(CsvPrinter.cell("-1+2")).isEqualTo("'-1+2");
        assertThat(CsvPrinter.cell("a,\"b\"")).isEqualTo("\"a,\"\"b\"\"\"");
        assertThat(CsvPrinter.cell("+a,b")).isEqualTo("\"'+a,b\"");
        assertThat(CsvPrinter.cell("plain")).isEqualTo("plain");
        assertThat(CsvPrinter.cell("")).isEmpty();
    }

    @Test
    void eveHasAnEventForEachFlowWithTheWholeHitBeside() throws IOException {
        print(new EvePrinter(out), MINER, WEAK);
        assertThat(out.toString().lines())
                .containsExactly(
                        event(51234, "10.0.0.1", "Minewatch miner stratum-v1", 1, MINER),
                        event(51235, "10.0.0.1", "Minewatch miner stratum-v1", 1, MINER),
                        event(40000, "2001:db8::1", "Minewatch possible cryptonote", 3, WEAK));
    }

    @Test
    void ndjsonIsTheHitALine() throws IOException {
        print(new NdjsonPrinter(out), MINER, WEAK);
        assertThat(out.toString().lines())
                .containsExactly(HitJson.write(MINER), HitJson.write(WEAK));
    }

    @Test
    void figuresHaveThreeDigitsAndAPrefix() {
        assertThat(HitText.scaled(0.0123)).isEqualTo("0.012 ");
        assertThat(HitText.scaled(1.234)).isEqualTo("1.23 ");
        assertThat(HitText.scaled(521_174.8)).isEqualTo("521 k");
        assertThat(HitText.scaled(4.2e21)).isEqualTo("4200 E");
    }

    private static String event(int port, String source, String signature, int severity, Hit hit) {
        return """
        {"timestamp":"2026-11-23T08:10:00.000000000Z","event_type":"alert","src_ip":"%s","src_port":%d,\
        "dest_ip":"203.0.113.9","dest_port":3333,"proto":"TCP","community_id":"1:abc=",\
        "alert":{"action":"allowed","signature":"%s","category":"Crypto Currency Mining Activity Detected","severity":%d},\
        "minewatch":%s}\
        """
                .formatted(source, port, signature, severity, HitJson.write(hit));
    }

    private static void print(HitPrinter printer, Hit... hits) throws IOException {
        printer.print(List.of(hits));
        printer.finish();
    }

    private static Flow flow(int port) {
        return Flow.newBuilder()
                .setCommunityId("1:abc=")
                .setSourcePort(port)
                .setDestinationIp(Addresses.parse("203.0.113.9"))
                .setDestinationPort(3333)
                .setFirstSeenNanos(Times.parse("2026-11-23T08:00:00Z"))
                .setLastSeenNanos(Times.parse("2026-11-23T08:10:00Z"))
                .setPackets(812)
                .setOctets(90211)
                .build();
    }

    private static Hashrate rate(double low, double best, double high, String unit) {
        return Hashrate.newBuilder()
                .setLow(low)
                .setBest(best)
                .setHigh(high)
                .setUnit(unit)
                .setShares(39)
                .setSeconds(600)
                .setBasis("shares")
                .build();
    }
}
