package minewatch.sensor.inspect;

import java.util.List;
import java.util.stream.Stream;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.signatures.Dialect;
import minewatch.signatures.coinbase.PoolName;
import minewatch.signatures.work.WorkDone;
import org.jspecify.annotations.Nullable;

/// What one dialogue, or what is known of the other end, amounted to since the last report.
///
/// @param confidence 0 to 1
public record Finding(
        Parties parties,
        Dialect dialect,
        Verdict verdict,
        double confidence,
        List<Evidence> evidence,
        Said said,
        Mined mined,
        Seen seen) {
    private static final int FIXED_BYTES = 512; // what each has, without foreign text
    private static final int TEXT_BYTES = 64; // a string and its place in a list

    /// About the memory it takes, in bytes. Most of it may be what strangers wrote.
    public long bytes() {
        long texts =
                Stream.of(said.agents, said.accounts, said.workers)
                        .flatMap(List::stream)
                        .mapToLong(Finding::bytes)
                        .sum();
        long pieces = evidence.stream().mapToLong(e -> TEXT_BYTES + bytes(e.excerpt)).sum();
        return FIXED_BYTES + texts + pieces;
    }

    private static int bytes(String text) {
        return TEXT_BYTES + Character.BYTES * text.length();
    }

    /// Whether it says anything of mining: a coin's peer is none by itself.
    public boolean isMining() {
        return verdict != Verdict.NODE;
    }

    /// Whether it is of a session, whose flow is known.
    public boolean hasFlow() {
        return seen.packets > 0;
    }

    /// The same with the sides exchanged: of two peers each is found.
    Finding ofOtherSide() {
        Said ofOther = new Said(said.agents, said.accounts, said.workers, null, said.signer, null);
        return new Finding(
                parties.exchanged(), dialect, verdict, confidence, evidence, ofOther, mined, seen);
    }

    /// A source that has to do with a pool's name or address, without a session to look at.
    public static Finding ofEndpoint(
            Parties parties,
            Verdict verdict,
            double confidence,
            Evidence evidence,
            long firstNanos,
            long lastNanos,
            KnownPool pool) {
        return new Finding(
                parties,
                Dialect.opaque(""),
                verdict,
                confidence,
                List.of(evidence),
                Said.nothing(pool),
                Mined.nothing(),
                new Seen(firstNanos, lastNanos, 0, 0, false, false, false));
    }

    /// Who mines, and where. Addresses as in [minewatch.sensor.decode.PacketView].
    ///
    /// @param ipProtocol 6 for TCP, 17 for UDP, 0 where there is no flow
    /// @param minerHigh the side that sends shares, by what was said; of a coin's peers either
    /// @param poolPort 0 where the pool's address is not known either
    /// @param minerIsOriginator whether the miner opened the connection
    public record Parties(
            int ipProtocol,
            long minerHigh,
            long minerLow,
            int minerPort,
            long poolHigh,
            long poolLow,
            int poolPort,
            boolean minerIsOriginator) {
        static Parties of(int ipProtocol, SessionView ends, boolean minerIsOriginator) {
            Parties parties =
                    new Parties(
                            ipProtocol,
                            ends.originatorHigh(),
                            ends.originatorLow(),
                            ends.originatorPort(),
                            ends.responderHigh(),
                            ends.responderLow(),
                            ends.responderPort(),
                            true);
            return minerIsOriginator ? parties : parties.exchanged();
        }

        private Parties exchanged() {
            return new Parties(
                    ipProtocol,
                    /* minerHigh= */ poolHigh,
                    /* minerLow= */ poolLow,
                    /* minerPort= */ poolPort,
                    /* poolHigh= */ minerHigh,
                    /* poolLow= */ minerLow,
                    /* poolPort= */ minerPort,
                    !minerIsOriginator);
        }
    }

    /// Names.
    ///
    /// @param pool what is known of the pool besides its address; null if nothing
    /// @param signer whose jobs these are, whoever passes them on; null if they do not say
    /// @param tunnel where the connection goes beyond the other end, which is a proxy's; null if it
    ///   is not known to be one
    public record Said(
            List<String> agents,
            List<String> accounts,
            List<String> workers,
            @Nullable KnownPool pool,
            @Nullable PoolName signer,
            @Nullable Tunnel tunnel) {
        static Said nothing(@Nullable KnownPool pool) {
            return new Said(List.of(), List.of(), List.of(), pool, null, null);
        }

        /// What tells the miner of this dialogue from another behind the same address: its workers,
        /// or its accounts where it names none.
        public List<String> miner() {
            return workers.isEmpty() ? accounts : workers;
        }
    }

    /// Work.
    ///
    /// @param algorithm what is mined; null if it cannot be told
    /// @param presumed whether the algorithm is likely and not certain
    /// @param submitted shares sent; null where the miner's half was not seen
    /// @param accepted shares taken; null where the pool's half was not seen
    /// @param rejected shares refused; null where the pool's half was not seen
    /// @param work what the hashrate rests on: the accepted shares, or those sent where no reply
    ///   was seen
    /// @param statedRate hashes per second the miner states; NaN if none
    public record Mined(
            @Nullable String algorithm,
            boolean presumed,
            @Nullable Long submitted,
            @Nullable Long accepted,
            @Nullable Long rejected,
            WorkDone work,
            double statedRate) {
        static Mined nothing() {
            return new Mined(null, false, null, null, null, new WorkDone(), Double.NaN);
        }
    }

    /// The flow, as far as it was seen since the last report.
    ///
    /// @param firstNanos packet time of the first packet
    /// @param originator whether payload of that side was seen, ever
    /// @param handshake whether the connection was seen from its SYN on
    public record Seen(
            long firstNanos,
            long lastNanos,
            long packets,
            long octets,
            boolean originator,
            boolean responder,
            boolean handshake) {}

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
