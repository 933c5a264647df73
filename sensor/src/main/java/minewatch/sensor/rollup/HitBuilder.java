package minewatch.sensor.rollup;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import minewatch.feed.v1.Direction;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;
import minewatch.sensor.flow.CommunityId;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.signatures.work.Power;
import minewatch.signatures.work.PowerTable;
import minewatch.signatures.work.Rate;
import org.jspecify.annotations.Nullable;

/// Makes a hit of what was found of one source IP. What was not seen is left out.
///
/// @param sensor id of this sensor
/// @param file capture the packets came from; null when live
public record HitBuilder(
        String sensor, @Nullable String file, Privacy privacy, PowerTable powerTable) {

    Hit build(SourceState state, boolean relay) {
        Finding strongest = state.strongest();
        Hit.Builder hit =
                Hit.newBuilder()
                        .setSensor(sensor)
                        .setSourceIp(address(state.high, state.low))
                        .setFirstSeenNanos(
                                state.findings().stream()
                                        .mapToLong(f -> f.seen().firstNanos())
                                        .min()
                                        .orElseThrow())
                        .setLastSeenNanos(
                                state.findings().stream()
                                        .mapToLong(f -> f.seen().lastNanos())
                                        .max()
                                        .orElseThrow())
                        .setVerdict(relay ? Verdict.RELAY : verdict(strongest))
                        .setConfidence(strongest.confidence())
                        .addAllProtocols(
                                state.distinct(f ->
                                        Stream.of(f.dialect().protocol())
                                                .filter(name -> !name.isEmpty())))
                        .addAllCoins(state.distinct(HitBuilder::coins))
                        .addAllAlgorithms(
                                state.distinct(f -> Stream.ofNullable(f.mined().algorithm())))
                        .addAllAgents(state.distinct(f -> f.said().agents().stream()))
                        .addAllAccounts(
                                privacy.identifiers(
                                        state.distinct(f -> f.said().accounts().stream())))
                        .addAllWorkers(
                                privacy.identifiers(
                                        state.distinct(f -> f.said().workers().stream())))
                        .setSessions(
                                (int) state.findings().stream().filter(Finding::hasFlow).count())
                        .setVisibility(visibility(state.findings()));
        if (file != null) {
            hit.setFile(file);
        }
        int miners = Miners.count(state.findings());
        if (miners > 0) {
            hit.setMiners(miners);
        }
        hit.addAllPools(PoolList.of(state.findings()));
        addShares(hit, state.findings());
        addHashrate(hit, state.mined(powerTable));
        addFlows(hit, state.findings());
        state.evidence().values().forEach(evidence -> hit.addEvidence(evidence(evidence)));
        return hit.build();
    }

    private static Stream<String> coins(Finding finding) {
        KnownPool pool = finding.said().pool();
        return pool == null ? Stream.empty() : pool.coins().stream();
    }

    private static void addShares(Hit.Builder hit, List<Finding> findings) {
        Shares.Builder shares = Shares.newBuilder();
        for (Finding finding : findings) {
            Finding.Mined mined = finding.mined();
            if (mined.submitted() != null) {
                shares.setSubmitted(shares.getSubmitted() + mined.submitted());
            }
            if (mined.accepted() != null) {
                shares.setAccepted(shares.getAccepted() + mined.accepted());
            }
            if (mined.rejected() != null) {
                shares.setRejected(shares.getRejected() + mined.rejected());
            }
        }
        if (shares.hasSubmitted() || shares.hasAccepted()) {
            hit.setShares(shares);
        }
    }

    private void addHashrate(Hit.Builder hit, Map<String, SourceState.Mined> byAlgorithm) {
        List<Power> powers = new ArrayList<>();
        byAlgorithm.forEach((algorithm, mined) -> {
            Rate rate = mined.rate();
            double stated = mined.statedRate();
            if (rate != null) {
                hit.putHashrate(algorithm, hashrate(mined, rate, stated));
                // none where it is only presumed: the hardware would be the wrong one
                Power power =
                        mined.presumed ? null : powerTable.watts(algorithm, rate, mined.miners());
                if (power != null) {
                    powers.add(power);
                }
            } else if (stated > 0) {
                hit.putHashrate(algorithm, hashrate(mined, stated));
            }
        });
        if (!powers.isEmpty()) {
            hit.setPowerWatts(
                    PowerWatts.newBuilder()
                            .setLow(powers.stream().mapToDouble(Power::low).sum())
                            .setBest(powers.stream().mapToDouble(Power::best).sum())
                            .setHigh(powers.stream().mapToDouble(Power::high).sum())
                            .setBasis(
                                    String.join(" ", powers.stream().map(Power::basis).toList())));
        }
    }

    /// What the shares say, and beside it what the miners say, unless that is 0.
    private static Hashrate hashrate(SourceState.Mined mined, Rate rate, double stated) {
        Hashrate.Builder hashrate =
                Hashrate.newBuilder()
                        .setUnit(mined.unit)
                        .setLow(rate.low())
                        .setBest(rate.best())
                        .setHigh(rate.high())
                        .setShares(rate.shares())
                        .setSeconds(rate.seconds())
                        .setBasis(mined.presumed ? "shares-presumed" : "shares");
        if (rate.effectiveShares() < 0.999 * (double) rate.shares()) {
            hashrate.setEffectiveShares(rate.effectiveShares());
        }
        return stated > 0 ? hashrate.setSelfReported(stated).build() : hashrate.build();
    }

    /// What the miners say alone.
    private static Hashrate hashrate(SourceState.Mined mined, double stated) {
        return Hashrate.newBuilder()
                .setUnit(mined.unit)
                .setLow(stated)
                .setBest(stated)
                .setHigh(stated)
                .setSeconds(mined.spans.seconds())
                .setBasis("self-reported")
                .build();
    }

    private static Visibility visibility(List<Finding> findings) {
        return Visibility.newBuilder()
                .setOriginator(findings.stream().anyMatch(f -> f.seen().originator()))
                .setResponder(findings.stream().anyMatch(f -> f.seen().responder()))
                .setHandshake(findings.stream().anyMatch(f -> f.seen().handshake()))
                .build();
    }

    private static void addFlows(Hit.Builder hit, List<Finding> findings) {
        findings.stream()
                .filter(Finding::hasFlow)
                .limit(SourceState.MAX_FLOWS)
                .map(f -> flow(f.parties(), f.seen()))
                .forEach(hit::addFlows);
    }

    private static Flow flow(Finding.Parties parties, Finding.Seen seen) {
        return Flow.newBuilder()
                .setCommunityId(
                        CommunityId.of(
                                parties.ipProtocol(),
                                parties.minerHigh(),
                                parties.minerLow(),
                                parties.minerPort(),
                                parties.poolHigh(),
                                parties.poolLow(),
                                parties.poolPort()))
                .setSourcePort(parties.minerPort())
                .setDestinationIp(address(parties.poolHigh(), parties.poolLow()))
                .setDestinationPort(parties.poolPort())
                .setFirstSeenNanos(seen.firstNanos())
                .setLastSeenNanos(seen.lastNanos())
                .setPackets(seen.packets())
                .setOctets(seen.octets())
                .build();
    }

    private Evidence evidence(Finding.Evidence evidence) {
        Evidence.Builder built =
                Evidence.newBuilder()
                        .setSignature(evidence.signature())
                        .setRevision(evidence.revision())
                        .setWeight(evidence.weight())
                        .setCount(evidence.count())
                        .setAtNanos(evidence.atNanos())
                        .setDirection(
                                evidence.fromOriginator()
                                        ? Direction.ORIGINATOR
                                        : Direction.RESPONDER);
        if (privacy.excerpts()) {
            built.setExcerpt(evidence.excerpt());
        }
        return built.build();
    }

    private static Verdict verdict(Finding finding) {
        return switch (finding.verdict()) {
            case MINER -> Verdict.MINER;
            case RELAY -> Verdict.RELAY;
            case BROWSER -> Verdict.BROWSER;
            case PROBABLE -> Verdict.PROBABLE;
            case POSSIBLE -> Verdict.POSSIBLE;
            case NODE -> Verdict.NODE;
            case NONE ->
                    throw new IllegalStateException(
                            "a finding without a verdict is never reported");
        };
    }

    /// 4 bytes for an IPv4-mapped address, else 16, network order.
    static ByteString address(long high, long low) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        boolean mapped = high == 0 && low >>> 32 == 0xFFFFL;
        return mapped ? ByteString.copyFrom(bytes, 12, 4) : ByteString.copyFrom(bytes);
    }
}
