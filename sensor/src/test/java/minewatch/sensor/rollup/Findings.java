package minewatch.sensor.rollup;

import java.util.List;
import minewatch.feed.Addresses;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.Verdict;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.signatures.Dialect;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.coinbase.PoolName;
import minewatch.signatures.work.WorkDone;
import org.jspecify.annotations.Nullable;

/// Builds findings: by default a proven miner with both halves in view, ten accepted shares of 2^32
/// hashes in 100 s and one piece of evidence.
final class Findings {
    static final long SECOND = 1_000_000_000L;

    private static final List<Dialect> DIALECTS = SignaturePacks.builtIn().dialects();
    private static final int MINER_PORT = 50000;
    private static final int POOL_PORT = 3333;

    private String miner = "10.0.0.1";
    private int minerPort = MINER_PORT;
    private String pool = "203.0.113.9";
    private String dialect = "stratum-v1";
    private Verdict verdict = Verdict.MINER;
    private double confidence = 0.999;
    private List<Finding.Evidence> evidence = List.of(evidence("stratum-v1.submit", 10, SECOND));
    private List<String> agents = List.of();
    private List<String> accounts = List.of();
    private List<String> workers = List.of();
    private @Nullable String algorithm = "sha256d";
    private @Nullable Long submitted = 10L;
    private @Nullable Long accepted = 10L;
    private @Nullable Long rejected = 0L;
    private double hashesPerShare = 0x1p32;
    private long firstNanos;
    private long lastNanos = 100 * SECOND;
    private double statedRate = Double.NaN;
    private boolean presumed;
    private @Nullable KnownPool known;
    private @Nullable PoolName signer;
    private boolean originatorSeen = true;
    private boolean responderSeen = true;

    static Findings finding() {
        return new Findings();
    }

    static Finding.Evidence evidence(String signature, long count, long atNanos) {
        return new Finding.Evidence(signature, 1, 8, count, atNanos, true, "{at " + atNanos + "}");
    }

    Findings miner(String address) {
        miner = address;
        return this;
    }

    Findings minerPort(int port) {
        minerPort = port;
        return this;
    }

    Findings pool(String address) {
        pool = address;
        return this;
    }

    Findings dialect(String id, @Nullable String mined) {
        dialect = id;
        algorithm = mined;
        return this;
    }

    Findings verdict(Verdict value, double sure) {
        verdict = value;
        confidence = sure;
        return this;
    }

    Findings evidence(Finding.Evidence... pieces) {
        evidence = List.of(pieces);
        return this;
    }

    Findings agents(String... names) {
        agents = List.of(names);
        return this;
    }

    Findings accounts(List<String> names) {
        accounts = names;
        return this;
    }

    Findings workers(List<String> names) {
        workers = names;
        return this;
    }

    Findings seconds(long first, long last) {
        firstNanos = first * SECOND;
        lastNanos = last * SECOND;
        return this;
    }

    /// Accepted shares, all of them submitted too, in sight.
    Findings shares(long count, double hashesEach) {
        submitted = count;
        accepted = count;
        hashesPerShare = hashesEach;
        return this;
    }

    /// Hashes per second, as the miner says.
    Findings states(double rate) {
        statedRate = rate;
        return this;
    }

    Findings presumed() {
        presumed = true;
        return this;
    }

    Findings known(KnownPool pool) {
        known = pool;
        return this;
    }

    Findings signedBy(PoolName name) {
        signer = name;
        return this;
    }

    Findings onlyMinerSeen() {
        accepted = null;
        rejected = null;
        responderSeen = false;
        return this;
    }

    Findings onlyPoolSeen() {
        submitted = null;
        originatorSeen = false;
        return this;
    }

    Finding build() {
        WorkDone work = new WorkDone();
        Long shares = accepted == null ? submitted : accepted;
        for (long i = 0; shares != null && i < shares; i++) {
            work.add(hashesPerShare);
        }
        return new Finding(
                new Finding.Parties(
                        PacketView.PROTOCOL_TCP,
                        high(miner),
                        low(miner),
                        minerPort,
                        high(pool),
                        low(pool),
                        POOL_PORT,
                        true),
                DIALECTS.stream().filter(d -> d.id().equals(dialect)).findFirst().orElseThrow(),
                verdict,
                confidence,
                evidence,
                new Finding.Said(agents, accounts, workers, known, signer, null),
                new Finding.Mined(
                        algorithm, presumed, submitted, accepted, rejected, work, statedRate),
                new Finding.Seen(
                        firstNanos, lastNanos, 20, 2000, originatorSeen, responderSeen, false));
    }

    /// IPv4 addresses are mapped (RFC 4291 §2.5.5.2).
    private static long high(String address) {
        byte[] bytes = Addresses.parse(address).toByteArray();
        return bytes.length == 4 ? 0 : word(bytes, 0, 8);
    }

    private static long low(String address) {
        byte[] bytes = Addresses.parse(address).toByteArray();
        return bytes.length == 4 ? 0xFFFFL << 32 | word(bytes, 0, 4) : word(bytes, 8, 16);
    }

    private static long word(byte[] bytes, int from, int to) {
        long word = 0;
        for (int i = from; i < to; i++) {
            word = word << 8 | bytes[i] & 0xFF;
        }
        return word;
    }
}
