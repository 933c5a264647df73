package minewatch.feed;

import com.google.protobuf.ByteString;
import java.util.List;
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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Combinators;

/// Hits as tests need them: one full example, and any sound hit.
final class Hits {
    private static final long NOON = 1_795_420_800_000_000_000L;

    private Hits() {}

    static Hit full() {
        return Hit.newBuilder()
                .setSensor("scan")
                .setFile("a.pcap")
                .setSourceIp(Addresses.parse("10.77.0.2"))
                .setFirstSeenNanos(Times.parse("2026-11-23T08:00:00Z"))
                .setLastSeenNanos(Times.parse("2026-11-23T08:10:00Z"))
                .setVerdict(Verdict.MINER)
                .setConfidence(0.999)
                .addProtocols("stratum-v1")
                .addAlgorithms("sha256d")
                .addCoins("BTC")
                .addPools(
                        Pool.newBuilder()
                                .setName("f2pool")
                                .setHost("btc.f2pool.com")
                                .setIp(Addresses.parse("10.88.0.9"))
                                .setPort(3333)
                                .addAllBy(List.of("sni", "dns", "coinbase-tag")))
                .addAgents("cgminer/4.12.0")
                .addAccounts("farm01")
                .addWorkers("farm01.rig7")
                .setSessions(1)
                .setShares(Shares.newBuilder().setSubmitted(40).setAccepted(39).setRejected(1))
                .putHashrate("sha256d", hashrate(1.1e13, 1.4e13, 1.8e13).build())
                .setPowerWatts(
                        PowerWatts.newBuilder()
                                .setLow(300)
                                .setBest(420)
                                .setHigh(900)
                                .setBasis("sha256d-2020s"))
                .setVisibility(Visibility.newBuilder().setOriginator(true).setResponder(true))
                .addFlows(
                        Flow.newBuilder()
                                .setCommunityId("1:abc=")
                                .setSourcePort(51234)
                                .setDestinationIp(Addresses.parse("10.88.0.9"))
                                .setDestinationPort(3333)
                                .setFirstSeenNanos(Times.parse("2026-11-23T08:00:00.000000001Z"))
                                .setLastSeenNanos(Times.parse("2026-11-23T08:10:00Z"))
                                .setPackets(812)
                                .setOctets(90211))
                .addEvidence(
                        Evidence.newBuilder()
                                .setSignature("stratum-v1.submit")
                                .setRevision(3)
                                .setWeight(4.1)
                                .setCount(40)
                                .setAtNanos(Times.parse("2026-11-23T08:00:05.5Z"))
                                .setDirection(Direction.ORIGINATOR)
                                .setExcerpt("{\"method\":\"mining.submit\""))
                .build();
    }

    static Hashrate.Builder hashrate(double low, double best, double high) {
        return Hashrate.newBuilder()
                .setLow(low)
                .setBest(best)
                .setHigh(high)
                .setUnit("H/s")
                .setShares(39)
                .setSeconds(600)
                .setBasis("shares");
    }

    /// Any sound hit whose numbers have no more digits than the JSON form keeps.
    static Arbitrary<Hit> any() {
        return Builders.withBuilder(Hit::newBuilder)
                .use(text().ofMinLength(1).filter(s -> !s.isBlank()))
                .in(Hit.Builder::setSensor)
                .use(text().optional())
                .in((hit, file) -> file.map(hit::setFile).orElse(hit))
                .use(address())
                .in(Hit.Builder::setSourceIp)
                .use(Arbitraries.longs().between(0, NOON))
                .in(Hit.Builder::setFirstSeenNanos)
                .use(Arbitraries.longs().greaterOrEqual(NOON))
                .in(Hit.Builder::setLastSeenNanos)
                .use(Arbitraries.integers().between(1, 6))
                .in(Hit.Builder::setVerdictValue)
                .use(Arbitraries.integers().between(0, 1_000_000))
                .in((hit, millionths) -> hit.setConfidence(millionths / 1e6))
                .use(text().list().ofMaxSize(3))
                .in((hit, list) -> hit.addAllProtocols(list).addAllWorkers(list))
                .use(pool().list().ofMaxSize(2))
                .in(Hit.Builder::addAllPools)
                .use(shares().optional())
                .in((hit, shares) -> shares.map(hit::setShares).orElse(hit))
                .use(Arbitraries.maps(text(), rate()).ofMaxSize(2))
                .in(Hit.Builder::putAllHashrate)
                .use(Arbitraries.of(true, false).optional())
                .in((hit, seen) -> seen.map(s -> hit.setVisibility(sees(s))).orElse(hit))
                .use(flow().list().ofMaxSize(2))
                .in(Hit.Builder::addAllFlows)
                .use(evidence().list().ofMaxSize(2))
                .in(Hit.Builder::addAllEvidence)
                .build(Hit.Builder::build);
    }

    private static Visibility sees(boolean both) {
        return Visibility.newBuilder().setOriginator(true).setResponder(both).build();
    }

    private static net.jqwik.api.arbitraries.StringArbitrary text() {
        return Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(40);
    }

    /// Halves of a surrogate pair are no text: protobuf itself replaces them.
    private static char[] surrogates() {
        var chars = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return chars;
    }

    private static Arbitrary<ByteString> address() {
        return Arbitraries.of(4, 16)
                .flatMap(n -> Arbitraries.bytes().array(byte[].class).ofSize(n))
                .filter(Addresses::isAddress)
                .map(ByteString::copyFrom);
    }

    private static Arbitrary<Pool> pool() {
        return Combinators.combine(
                        text().optional(),
                        Arbitraries.oneOf(address(), Arbitraries.just(ByteString.EMPTY)),
                        Arbitraries.integers().between(0, 65_535),
                        text().list().ofMaxSize(2))
                .as((name, ip, port, by) -> {
                    var pool = Pool.newBuilder().setIp(ip).setPort(port).addAllBy(by);
                    name.ifPresent(pool::setName);
                    return pool.build();
                });
    }

    private static Arbitrary<Shares> shares() {
        return Arbitraries.longs()
                .greaterOrEqual(0)
                .optional()
                .map(n -> {
                    var shares = Shares.newBuilder().setRejected(0);
                    n.ifPresent(shares::setSubmitted);
                    return shares.build();
                });
    }

    private static Arbitrary<Hashrate> rate() {
        return Combinators.combine(
                        Arbitraries.integers().between(100_000, 999_998),
                        Arbitraries.integers().between(-9, 15),
                        Arbitraries.integers().between(0, 1_000_000_000))
                .as((digits, exponent, millis) ->
                        hashrate(
                                        Double.parseDouble(digits + "e" + exponent),
                                        Double.parseDouble(digits + "e" + exponent),
                                        Double.parseDouble((digits + 1) + "e" + exponent))
                                .setSeconds(millis / 1e3)
                                .setSelfReported(digits)
                                .setEffectiveShares(millis % 100_000)
                                .build());
    }

    private static Arbitrary<Flow> flow() {
        return Combinators.combine(address(), Arbitraries.longs(), Arbitraries.longs())
                .as((ip, time, count) ->
                        Flow.newBuilder()
                                .setDestinationIp(ip)
                                .setFirstSeenNanos(time)
                                .setOctets(count & Long.MAX_VALUE)
                                .build());
    }

    private static Arbitrary<Evidence> evidence() {
        return Combinators.combine(
                        text().ofMaxLength(60).optional(),
                        Arbitraries.integers().between(-9999, 9999),
                        Arbitraries.integers().between(0, 2))
                .as((excerpt, hundredths, direction) -> {
                    var evidence =
                            Evidence.newBuilder()
                                    .setSignature("s")
                                    .setWeight(hundredths / 100.0)
                                    .setDirectionValue(direction);
                    excerpt.ifPresent(evidence::setExcerpt);
                    return evidence.build();
                });
    }
}
