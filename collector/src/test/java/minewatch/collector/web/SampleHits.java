package minewatch.collector.web;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import minewatch.feed.v1.Direction;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;

/// Hits as sensors send them, complete and poor ones, for the console's tests.
final class SampleHits {
    static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

    private SampleHits() {}

    /// Plain Stratum v1, everything seen. The excerpt and the worker's name try to break the page.
    static Hit stratum(String sourceIp, Instant firstSeen) {
        long first = nanos(firstSeen);
        long last = nanos(firstSeen.plus(Duration.ofMinutes(10)));
        return Hit.newBuilder()
                .setSensor("isp-nm-01")
                .setSourceIp(ip(sourceIp))
                .setFirstSeenNanos(first)
                .setLastSeenNanos(last)
                .setVerdict(Verdict.MINER)
                .setConfidence(0.99987)
                .addProtocols("stratum-v1")
                .addAlgorithms("sha256d")
                .addCoins("BTC")
                .addPools(
                        Pool.newBuilder()
                                .setName("f2pool")
                                .setHost("btc.f2pool.com")
                                .setIp(ip("10.88.0.9"))
                                .setPort(3333)
                                .addBy("sni")
                                .addBy("dns"))
                .addAgents("cgminer/4.12.0")
                .addAccounts("farm01")
                .addWorkers("farm01.rig7")
                .addWorkers("<script>alert(1)</script>")
                .setSessions(3)
                .setMiners(3)
                .setShares(Shares.newBuilder().setSubmitted(40).setAccepted(39).setRejected(1))
                .putHashrate("sha256d", rate(1.1e13, 1.4e13, 1.8e13, "H/s", 39))
                .setPowerWatts(
                        PowerWatts.newBuilder()
                                .setLow(300)
                                .setBest(420)
                                .setHigh(900)
                                .setBasis("sha256d-2020s"))
                .setVisibility(Visibility.newBuilder().setOriginator(true).setResponder(true))
                .addFlows(
                        Flow.newBuilder()
                                .setCommunityId("1:wCb3OG7yAFWelaUydu0D+125CLM=")
                                .setSourcePort(51234)
                                .setDestinationIp(ip("10.88.0.9"))
                                .setDestinationPort(3333)
                                .setFirstSeenNanos(first)
                                .setLastSeenNanos(last)
                                .setPackets(812)
                                .setOctets(90211))
                .addEvidence(
                        evidence("stratum-v1.submit", 4.1, 40, first, Direction.ORIGINATOR)
                                .setExcerpt(
                                        "{\"id\":7,\"method\":\"mining.submit\",\"params\":[\"farm01.rig7\",\"<b>&amp;\",\"0000000a\",\"5f8e3c21\",\"b2957c02\"]}\n"))
                .addEvidence(
                        evidence("stratum-v1.notify", 3.2, 21, first, Direction.RESPONDER)
                                .setExcerpt(
                                        "{\"id\":null,\"method\":\"mining.notify\",\"params\":["))
                .addEvidence(
                        evidence(
                                "endpoint.address", 1.4, 1, first, Direction.DIRECTION_UNSPECIFIED))
                .build();
    }

    /// CryptoNote, whose algorithm is not summed with any other.
    static Hit randomx(String sourceIp, Instant firstSeen) {
        return poor(sourceIp, firstSeen, Verdict.MINER, 0.997, "cryptonote")
                .addAlgorithms("randomx")
                .addCoins("XMR")
                .addAgents("XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/11.2.0")
                .setShares(Shares.newBuilder().setSubmitted(33).setAccepted(33))
                .putHashrate("randomx", rate(393, 572, 803, "H/s", 33))
                .setPowerWatts(
                        PowerWatts.newBuilder()
                                .setLow(60)
                                .setBest(105)
                                .setHigh(190)
                                .setBasis("cpu"))
                .build();
    }

    /// Twelve rigs behind one address, of whose dialogue the tap shows one half. They report more
    /// than their shares say.
    static Hit ethash(String sourceIp, Instant firstSeen) {
        return poor(sourceIp, firstSeen, Verdict.MINER, 0.9991, "ethproxy")
                .addAlgorithms("ethash")
                .addCoins("ETC")
                .addAccounts("0x00000000000000000000000000000000000077aa")
                .addWorkers("rig01")
                .setSessions(3)
                .setMiners(12)
                .setShares(Shares.newBuilder().setSubmitted(33))
                .putHashrate(
                        "ethash",
                        rate(3.6e8, 5.1e8, 7.04e8, "H/s", 33).toBuilder()
                                .setSelfReported(9.8e8)
                                .build())
                .setVisibility(Visibility.newBuilder().setOriginator(true))
                .build();
    }

    /// No share seen, but miners that say what they do.
    static Hit claim(String sourceIp, Instant firstSeen, double stated) {
        return poor(sourceIp, firstSeen, Verdict.MINER, 0.9991, "ethproxy")
                .addAlgorithms("ethash")
                .putHashrate(
                        "ethash",
                        rate(stated, stated, stated, "H/s", 0).toBuilder()
                                .setBasis("self-reported")
                                .build())
                .build();
    }

    /// Encrypted: something mines, how much cannot be told.
    static Hit encrypted(String sourceIp, Instant firstSeen) {
        return poor(sourceIp, firstSeen, Verdict.PROBABLE, 0.93, "tls-pool")
                .addPools(
                        Pool.newBuilder()
                                .setHost("stratum.example-pool.org")
                                .setIp(ip("2001:db8::9"))
                                .setPort(443)
                                .addBy("sni"))
                .build();
    }

    static Hit relay(String sourceIp, Instant firstSeen) {
        return poor(sourceIp, firstSeen, Verdict.RELAY, 0.96, "stratum-v1").build();
    }

    static Hit possible(String sourceIp, Instant firstSeen) {
        return poor(sourceIp, firstSeen, Verdict.POSSIBLE, 0.41, "endpoint").build();
    }

    static Hit browser(String sourceIp, Instant firstSeen) {
        return poor(sourceIp, firstSeen, Verdict.BROWSER, 0.98, "websocket-cryptonote").build();
    }

    private static Hit.Builder poor(
            String sourceIp,
            Instant firstSeen,
            Verdict verdict,
            double confidence,
            String protocol) {
        long first = nanos(firstSeen);
        return Hit.newBuilder()
                .setSensor("isp-nm-01")
                .setSourceIp(ip(sourceIp))
                .setFirstSeenNanos(first)
                .setLastSeenNanos(nanos(firstSeen.plus(Duration.ofMinutes(5))))
                .setVerdict(verdict)
                .setConfidence(confidence)
                .addProtocols(protocol)
                .setSessions(1)
                .setVisibility(Visibility.newBuilder().setOriginator(true).setHandshake(true))
                .addEvidence(evidence(protocol + ".seen", 2.6, 4, first, Direction.ORIGINATOR));
    }

    private static Evidence.Builder evidence(
            String signature, double weight, long count, long at, Direction direction) {
        return Evidence.newBuilder()
                .setSignature(signature)
                .setRevision(3)
                .setWeight(weight)
                .setCount(count)
                .setAtNanos(at)
                .setDirection(direction);
    }

    private static Hashrate rate(double low, double best, double high, String unit, long shares) {
        return Hashrate.newBuilder()
                .setLow(low)
                .setBest(best)
                .setHigh(high)
                .setUnit(unit)
                .setShares(shares)
                .setSeconds(600)
                .setBasis("shares")
                .build();
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    private static ByteString ip(String address) {
        try {
            return ByteString.copyFrom(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
