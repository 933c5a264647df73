package minewatch.sensor.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import org.junit.jupiter.api.Test;

class CefEventsTest {
    private static final ByteString POOL = ByteString.copyFrom(new byte[] {(byte) 203, 0, 113, 9});
    private final CefEvents events = new CefEvents("1.0");

    @Test
    void everythingAHitTellsHasItsKey() {
        Hit hit =
                miner().addAlgorithms("sha256d")
                        .addCoins("BTC")
                        .addPools(Pool.newBuilder().setName("F2Pool").setIp(POOL).setPort(3333))
                        .addAccounts("alice")
                        .setSessions(2)
                        .setMiners(4)
                        .setShares(Shares.newBuilder().setSubmitted(17))
                        .putHashrate(
                                "sha256d",
                                Hashrate.newBuilder().setBest(1.1e14).setUnit("H/s").build())
                        .setPowerWatts(PowerWatts.newBuilder().setBest(3250))
                        .addEvidence(Evidence.newBuilder().setSignature("stratum-v1.submit"))
                        .build();
        assertThat(events.of(hit, "b:7:0"))
                .containsExactly(
                        "CEF:0|Minewatch|Minewatch|1.0|stratum-v1|Cryptocurrency mining: miner|8|"
                                + "externalId=b:7:0 dvchost=s-1 start=1000 end=2000 rt=2000"
                                + " src=10.0.0.7 spt=40000 dst=203.0.113.9 dpt=3333 proto=TCP"
                                + " app=stratum-v1 cat=mining outcome=miner"
                                + " cs1=1:abc\\= cs1Label=communityId cs2=sha256d cs2Label=algorithms"
                                + " cs3=BTC cs3Label=coins cs4=F2Pool cs4Label=pools"
                                + " cs5=sha256d 1.10000e+14 H/s cs5Label=hashrate"
                                + " cs6=alice cs6Label=accounts"
                                + " cfp1=0.990000 cfp1Label=confidence"
                                + " cfp2=3250.00 cfp2Label=powerWatts"
                                + " cn1=2 cn1Label=sessions cn2=17 cn2Label=sharesSubmitted"
                                + " cn3=4 cn3Label=minersAtLeast msg=stratum-v1.submit");
    }

    @Test
    void ipv6AddressesHaveKeysOfTheirOwn() {
        byte[] address = new byte[16];
        address[0] = 0x20;
        address[1] = 0x01;
        address[15] = 7;
        Hit hit = miner().setSourceIp(ByteString.copyFrom(address)).build();
        assertThat(events.of(hit, "b:7:0").getFirst())
                .contains(" c6a2=2001::7 c6a2Label=Source IPv6 Address ")
                .doesNotContain(" src=");
    }

    /// What a miner calls itself is a stranger's text: it ends no field, no line and no log.
    @Test
    void foreignTextStaysInItsField() {
        Hit hit =
                miner().clearProtocols()
                        .addProtocols("a|b\\c\n")
                        .addAccounts("x src=6.6.6.6\r\n<130>1 forged\u0000\u001b[31m\\")
                        .build();
        String event = events.of(hit, "b:7:0").getFirst();
        assertThat(event)
                .startsWith("CEF:0|Minewatch|Minewatch|1.0|a\\|b\\\\c |Cryptocurrency")
                .contains(" cs6=x src\\=6.6.6.6  <130>1 forged  [31m\\\\ cs6Label=accounts ");
        assertThat(event.chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void eventIsBoundedWhateverTheHitHolds() {
        Hit.Builder hit = miner();
        for (int i = 0; i < 10_000; i++) {
            hit.addAccounts("=".repeat(4096)).addCoins("\\".repeat(50));
        }
        hit.addProtocols("|".repeat(4000));
        List<String> made = events.of(hit.build(), "b:7:0");
        assertThat(made.getFirst().length()).isLessThanOrEqualTo(CefEvents.MAX_CHARS);
    }

    private static Hit.Builder miner() {
        return Hit.newBuilder()
                .setSensor("s-1")
                .setSourceIp(ByteString.copyFrom(new byte[] {10, 0, 0, 7}))
                .setFirstSeenNanos(1_000_000_000L)
                .setLastSeenNanos(2_000_000_000L)
                .setVerdict(Verdict.MINER)
                .setConfidence(0.99)
                .addProtocols("stratum-v1")
                .addFlows(
                        Flow.newBuilder()
                                .setCommunityId("1:abc=")
                                .setSourcePort(40000)
                                .setDestinationIp(POOL)
                                .setDestinationPort(3333)
                                .setLastSeenNanos(2_000_000_000L));
    }
}
