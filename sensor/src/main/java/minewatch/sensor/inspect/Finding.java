package minewatch.sensor.inspect;

import java.util.List;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.signatures.Dialect;
import minewatch.signatures.coinbase.PoolName;
import minewatch.signatures.work.WorkDone;
import org.jspecify.annotations.Nullable;

/// What one dialogue, or what is known of the other end, amounted to since the last report.
/// Addresses as in [minewatch.sensor.decode.PacketView].
///
/// @param ipProtocol 6 for TCP, 17 for UDP
/// @param minerHigh the side that sends shares, by what was said; of a coin's peers either
/// @param minerIsOriginator whether the miner opened the connection
/// @param confidence 0 to 1
/// @param algorithm what is mined; null if it cannot be told
/// @param algorithmPresumed whether it is likely and not certain
/// @param pool what is known of the pool besides its address; null if nothing
/// @param signer whose jobs these are, whoever passes them on; null if they do not say
/// @param submitted shares sent; null where the miner's half was not seen
/// @param accepted shares taken; null where the pool's half was not seen
/// @param rejected shares refused; null where the pool's half was not seen
/// @param work what the hashrate rests on: the accepted shares, or those sent where no reply was
///   seen
/// @param statedRate hashes per second the miner states; NaN if none
/// @param firstNanos packet time of the first packet in this report
/// @param originatorSeen whether payload of that side was seen
/// @param handshake whether the connection was seen from its SYN on
/// @param tunnel where the connection goes beyond the other end, which is a proxy's; null if it is
///   not known to be one
public record Finding(
        int ipProtocol,
        long minerHigh,
        long minerLow,
        int minerPort,
        long poolHigh,
        long poolLow,
        int poolPort,
        boolean minerIsOriginator,
        Dialect dialect,
        Verdict verdict,
        double confidence,
        List<Evidence> evidence,
        List<String> agents,
        List<String> accounts,
        List<String> workers,
        @Nullable String algorithm,
        boolean algorithmPresumed,
        @Nullable KnownPool pool,
        @Nullable PoolName signer,
        @Nullable Long submitted,
        @Nullable Long accepted,
        @Nullable Long rejected,
        WorkDone work,
        double statedRate,
        long firstNanos,
        long lastNanos,
        long packets,
        long octets,
        boolean originatorSeen,
        boolean responderSeen,
        boolean handshake,
        @Nullable Tunnel tunnel) {

    /// Whether it says anything of mining: a coin's peer is none by itself.
    public boolean isMining() {
        return verdict != Verdict.NODE;
    }

    /// The same with the sides exchanged: of two peers each is found.
    Finding ofOtherSide() {
        return new Finding(
                ipProtocol,
                /* minerHigh= */ poolHigh,
                /* minerLow= */ poolLow,
                /* minerPort= */ poolPort,
                /* poolHigh= */ minerHigh,
                /* poolLow= */ minerLow,
                /* poolPort= */ minerPort,
                !minerIsOriginator,
                dialect,
                verdict,
                confidence,
                evidence,
                agents,
                accounts,
                workers,
                algorithm,
                algorithmPresumed,
                /* pool= */ null,
                signer,
                submitted,
                accepted,
                rejected,
                work,
                statedRate,
                firstNanos,
                lastNanos,
                packets,
                octets,
                originatorSeen,
                responderSeen,
                handshake,
                null);
    }

    /// A source that has to do with a pool's name or address, without a session to look at.
    ///
    /// @param poolPort 0 where the pool's address is not known either
    public static Finding ofEndpoint(
            long sourceHigh,
            long sourceLow,
            long poolHigh,
            long poolLow,
            int poolPort,
            Verdict verdict,
            double confidence,
            Evidence evidence,
            long firstNanos,
            long lastNanos,
            KnownPool pool) {
        return new Finding(
                0,
                sourceHigh,
                sourceLow,
                0,
                poolHigh,
                poolLow,
                poolPort,
                true,
                Dialect.opaque(""),
                verdict,
                confidence,
                List.of(evidence),
                List.of(),
                List.of(),
                List.of(),
                null,
                false,
                pool,
                null,
                null,
                null,
                null,
                new WorkDone(),
                Double.NaN,
                firstNanos,
                lastNanos,
                0,
                0,
                false,
                false,
                false,
                null);
    }

    /// Whether it is of a session, whose flow is known.
    public boolean hasFlow() {
        return packets > 0;
    }

    /// What tells the miner of this dialogue from another behind the same address: its workers, or
    /// its accounts where it names none.
    public List<String> names() {
        return workers.isEmpty() ? accounts : workers;
    }

    /// One message shape that matched.
    ///
    /// @param signature `dialect.message`
    /// @param weight log-odds
    /// @param excerpt the first such message, at most 256 bytes
    public record Evidence(
            String signature,
            int revision,
            double weight,
            long count,
            long atNanos,
            boolean fromOriginator,
            String excerpt) {}
}
