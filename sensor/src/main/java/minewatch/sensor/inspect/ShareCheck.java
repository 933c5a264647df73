package minewatch.sensor.inspect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import minewatch.signatures.Act;
import minewatch.signatures.Dialect;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.Side;
import minewatch.signatures.Template;
import minewatch.signatures.coinbase.Coinbase;
import minewatch.signatures.coinbase.PoolName;
import minewatch.signatures.coinbase.PoolTable;
import minewatch.signatures.proof.BitcoinJob;
import minewatch.signatures.proof.ShareProof;
import minewatch.signatures.work.CoinWork;
import org.jspecify.annotations.Nullable;

/// Finds out by which algorithm a dialogue of the Bitcoin family mines, and for which pool: its
/// messages do not say, and a share of scrypt costs 65,536 times less than one of sha256d at the
/// same difficulty.
///
/// What is certain of the algorithm comes first:
///
/// 1. A share hashed again that meets its target: that algorithm, proven, and mining with it.
/// 2. [#FAILURES] shares hashed again, none of which meets it: neither, so unknown.
/// 3. The pool lets the version be rolled, which only sha256d gains by: sha256d.
/// 4. The hash that names the block before is itself a proof of work, as in Bitcoin and not in
///    Litecoin, in a network so large that it can be no other: sha256d.
/// 5. The pool is known for coins of one algorithm: that one, *presumed*.
/// 6. As 4 in a smaller network: sha256d, *presumed*, for x11 and others, whose shares cost the
///    same, name their blocks by their work as well.
/// 7. Else unknown, and no hashrate is claimed.
///
/// - **Memory:** at most [#JOBS] jobs of [#MAX_JOB_BYTES], out of [BufferBudget]; none once it is
///   decided.
/// - **Time:** at most [#ATTEMPTS] shares of a dialogue, out of [CheckBudget].
final class ShareCheck {
    static final String SHA256D = "sha256d";
    static final String SCRYPT = "scrypt";
    static final int JOBS = 3;
    static final int MAX_JOB_BYTES = 8 << 10;
    static final int ATTEMPTS = 8;
    static final int FAILURES = 3;
    static final int LOOKUPS = 4; // jobs searched for the name of their pool

    /// Hashes a block from which on only sha256d is mined: 2^67, difficulty 3.4e10. The largest
    /// other networks of the family (scrypt, x11) stood below 1e9 in 2025.
    private static final double SURELY_SHA256D = 0x1p67;

    /// BIP 310's own example, and what is used where the negotiation was not seen.
    private static final int USUAL_VERSION_MASK = 0x1fffe000;

    /// A job that shares may be handed in for, with the extranonce it was handed out under.
    private record Kept(long id, BitcoinJob job, String extranonce1) {}

    private final CheckBudget budget;
    private final Template proof;
    private final PoolTable pools;
    private final Deque<Kept> jobs = new ArrayDeque<>(JOBS);
    private @Nullable String extranonce1;
    private int versionMask = USUAL_VERSION_MASK;
    private boolean rollsVersion;
    private boolean blocksAreNamedByWork;
    private boolean largeNetwork;
    private int attempts;
    private int failures;
    private @Nullable String proven;
    private int lookups;
    private @Nullable PoolName pool;

    private ShareCheck(CheckBudget budget, Template proof) {
        this.budget = budget;
        this.proof = proof;
        this.pools = budget.pools();
    }

    /// A check for a dialogue in this dialect; null where its shares cannot be hashed again.
    static @Nullable ShareCheck of(Dialect dialect, int index, CheckBudget budget) {
        Template proof = budget.proof(dialect, index).orElse(null);
        return proof == null ? null : new ShareCheck(budget, proof);
    }

    /// A recomputed share as evidence: a message shape of its own, in no file. Empty where the
    /// dialect's jobs do not say what is hashed.
    static Optional<Template> proof(Dialect dialect, int index) {
        boolean possible =
                dialect.templates().stream()
                        .anyMatch(template -> template.fields().contains(Field.COINBASE1));
        return possible
                ? Optional.of(
                        new Template(
                                dialect.id() + ".recomputed-share",
                                -1 - index,
                                index,
                                Side.MINER,
                                Act.OTHER,
                                ShareProof.WEIGHT,
                                "proof",
                                false,
                                Set.of(),
                                null,
                                Set.of()))
                : Optional.empty();
    }

    /// See [Session#touch(boolean, int)].
    int touch() {
        return attempts + (proven == null ? 0 : 1);
    }

    /// By which algorithm shares are mined.
    ///
    /// @param algorithm null where it is not known
    /// @param presumed likely and not certain
    /// @param scale what a share's cost is to be divided by, which the dialect states for sha256d
    record Reading(@Nullable String algorithm, boolean presumed, double scale) {
        static final Reading UNKNOWN = new Reading(null, false, 1);
    }

    /// What is known by now.
    ///
    /// @param pool how the coins are mined that the pool is known for; null if that is not known
    Reading reading(@Nullable CoinWork pool) {
        boolean refuted = failures >= FAILURES;
        if (proven != null) {
            return new Reading(proven, false, proven.equals(SCRYPT) ? ShareProof.SCRYPT_SCALE : 1);
        }
        if (!refuted && (rollsVersion || largeNetwork)) {
            return new Reading(SHA256D, false, 1);
        }
        if (pool != null) {
            return contradicts(pool.algorithm())
                    ? Reading.UNKNOWN
                    : new Reading(pool.algorithm(), true, pool.shareMultiplier());
        }
        return !refuted && blocksAreNamedByWork ? new Reading(SHA256D, true, 1) : Reading.UNKNOWN;
    }

    /// Whether what was seen speaks against an algorithm the pool is known for.
    private boolean contradicts(String algorithm) {
        return switch (algorithm) {
            case SHA256D -> failures >= FAILURES;
            case SCRYPT -> failures >= FAILURES || blocksAreNamedByWork;
            default -> rollsVersion;
        };
    }

    /// The pool whose jobs these are, whoever passes them on; null where they do not say.
    @Nullable PoolName pool() {
        return pool;
    }

    /// Any message of the dialect.
    void onMessage(Template template, Matcher message) {
        if (isDecided()) {
            return;
        }
        Set<Field> fields = template.fields();
        if (fields.contains(Field.EXTRANONCE1)) {
            String told = message.text(template, Field.EXTRANONCE1);
            extranonce1 = told == null ? extranonce1 : told;
        }
        if (fields.contains(Field.VERSION_MASK)) {
            learnMask(message.text(template, Field.VERSION_MASK));
        }
        if (fields.contains(Field.COINBASE1)) {
            learnJob(template, message);
        }
    }

    /// @param hashes the least a share may cost by the dialect's rule; NaN if unknown
    /// @return the evidence that this share is, or null
    @Nullable Template onShare(Template template, Matcher message, double hashes, long nanos) {
        rollsVersion |= message.hash(template, Field.VERSION_BITS) != 0;
        if (isDecided() || !(hashes > 0)) {
            return null;
        }
        Kept kept = kept(message.hash(template, Field.JOB));
        if (kept == null || !budget.spend(CheckBudget.SHA256D_MICROS, nanos)) {
            return null;
        }
        byte[] header = kept.job.header(share(template, message, kept.extranonce1));
        if (++attempts == ATTEMPTS) {
            release();
        }
        if (header == null) {
            return null;
        }
        if (ShareProof.sha256d(header, hashes)) {
            return prove(SHA256D);
        }
        if (!budget.spend(CheckBudget.SCRYPT_MICROS, nanos)) {
            return null;
        }
        if (ShareProof.scrypt(header, hashes / ShareProof.SCRYPT_SCALE)) {
            return prove(SCRYPT);
        }
        failures += hashes / ShareProof.SCRYPT_SCALE >= ShareProof.LEAST_HASHES ? 1 : 0;
        return null;
    }

    void release() {
        jobs.forEach(kept -> budget.release(kept.job.bytes()));
        jobs.clear();
    }

    private boolean isDecided() {
        return proven != null || attempts >= ATTEMPTS;
    }

    private Template prove(String algorithm) {
        proven = algorithm;
        release();
        return proof;
    }

    private void learnMask(@Nullable String mask) {
        if (mask != null && mask.length() == 8) {
            versionMask = HexFormat.fromHexDigits(mask);
            rollsVersion |= versionMask != 0;
        }
    }

    private void learnJob(Template template, Matcher message) {
        BitcoinJob job =
                BitcoinJob.of(
                        message.bytes(template, Field.PREVIOUS_HASH),
                        message.bytes(template, Field.COINBASE1),
                        message.bytes(template, Field.COINBASE2),
                        message.bytes(template, Field.BRANCHES),
                        message.bytes(template, Field.VERSION),
                        message.bytes(template, Field.BITS));
        if (job == null) {
            return;
        }
        if (job.previousHashIsWork()) {
            blocksAreNamedByWork = true;
            largeNetwork |= job.networkHashes() >= SURELY_SHA256D;
        }
        if (pool == null && lookups < LOOKUPS) {
            lookups++;
            Coinbase coinbase = Coinbase.of(job.coinbase1(), job.coinbase2());
            pool = coinbase == null ? null : pools.find(coinbase);
        }
        String extranonce = extranonce1;
        if (extranonce != null && job.bytes() <= MAX_JOB_BYTES) {
            keep(new Kept(message.hash(template, Field.JOB), job, extranonce));
        }
    }

    private void keep(Kept kept) {
        if (jobs.size() == JOBS) {
            budget.release(jobs.removeFirst().job.bytes());
        }
        if (budget.keep(kept.job.bytes())) {
            jobs.addLast(kept);
        }
    }

    private @Nullable Kept kept(long id) {
        for (Kept kept : jobs) {
            if (kept.id == id) {
                return kept;
            }
        }
        return null;
    }

    private BitcoinJob.Share share(Template template, Matcher message, String extranonce) {
        return new BitcoinJob.Share(
                extranonce,
                text(template, message, Field.EXTRANONCE2),
                text(template, message, Field.TIME),
                text(template, message, Field.NONCE),
                message.text(template, Field.VERSION_BITS),
                versionMask);
    }

    /// Empty where absent, which no job and no share can be.
    private static String text(Template template, Matcher message, Field field) {
        String text = message.text(template, field);
        return text == null ? "" : text;
    }
}
