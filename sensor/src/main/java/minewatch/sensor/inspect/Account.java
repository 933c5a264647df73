package minewatch.sensor.inspect;

import minewatch.signatures.Dialect;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.Template;
import minewatch.signatures.coinbase.PoolName;
import minewatch.signatures.work.CoinWork;
import minewatch.signatures.work.ShareCost;
import minewatch.signatures.work.WorkDone;
import org.jspecify.annotations.Nullable;

/// The books of one dialogue under one dialect: who mines, on what, at which difficulty, and how
/// many shares. A share counts by the target in force when its job was issued (HASHRATE in the
/// reference page of signatures).
///
/// Where a conversation is heard from its middle, shares may come before the first target does.
/// That target is news: the pool has just changed it, often because shares came too fast, and says
/// nothing of what those before it cost. They stay shares, and the work of the time after is taken
/// for the time before as well.
final class Account {
    private static final int MAX_SHARES_OF_MESSAGE = 4096;
    private static final long INSTANT = 1_000_000_000; // nanoseconds; less than that has no rate

    /// Of the [Allowance] for books: with jobs and requests, before these are many.
    static final int OWN_BYTES = 1 << 10;

    final int index;
    @Nullable Account next; // of the same dialogue
    private final Dialect dialect;
    final Requests requests;
    final Names agents;
    final Names accounts;
    final Names workers;
    private final WorkDone submittedWork = new WorkDone();
    private final WorkDone acceptedWork = new WorkDone();
    private final Jobs jobs;
    private long submittedShares;
    private long acceptedShares;
    private long rejected;
    private boolean answered;
    private double hashesPerShare = Double.NaN;
    private boolean costKnown;
    private long costFromNanos = Long.MIN_VALUE; // shares before were of unknown cost
    private long latestTarget;
    private long booked = -1; // number of the latest message that was; they count from 0
    private double statedRate = Double.NaN;
    private @Nullable String algorithm;
    private long latestAlgorithm;
    private final @Nullable ShareCheck check;

    Account(int index, Dialect dialect, Allowance books, Allowance names, CheckBudget checks) {
        this.index = index;
        this.dialect = dialect;
        this.check = ShareCheck.of(dialect, index, checks);
        this.requests = new Requests(books);
        this.jobs = new Jobs(books);
        this.agents = new Names(names);
        this.accounts = new Names(names);
        this.workers = new Names(names);
    }

    Dialect dialect() {
        return dialect;
    }

    /// See [Session#touch(boolean, int)].
    long touch(int step) {
        return switch (step) {
            case 0 -> submittedShares + latestTarget + (algorithm == null ? 0 : 1);
            case 1 ->
                    requests.touch(0)
                            + jobs.touch(0)
                            + submittedWork.shares()
                            + acceptedWork.shares()
                            + accounts.touch()
                            + workers.touch()
                            + (check == null ? 0 : check.touch());
            case 2 -> requests.touch(1) + jobs.touch(1);
            default -> 0;
        };
    }

    /// Whether nothing of this message has been booked yet.
    ///
    /// @param message its number in the dialogue
    boolean isFirstOf(long message) {
        boolean first = booked != message;
        booked = message;
        return first;
    }

    /// A message that is not a reply, or a reply whose request was not seen.
    ///
    /// @param pairable whether a reply may name this message: it has an id
    /// @return evidence beyond the message's own: that its share was mined; null if there is none
    @Nullable Template onMessage(
            Template template,
            Matcher message,
            boolean fromOriginator,
            boolean pairable,
            long nanos) {
        learn(template, message);
        Template proof = null;
        double share = Double.NaN;
        switch (template.act()) {
            case DIFFICULTY -> learnDifficulty(template, message);
            case JOB -> learnJob(template, message);
            case SHARE -> {
                share = hashesOfShare(template, message);
                submittedShares++;
                submittedWork.add(share);
                proof =
                        check == null
                                ? null
                                : check.onShare(template, message, leastHashes(share), nanos);
            }
            case ACCEPTED -> acceptUnpaired(template, message);
            case REJECTED -> reject();
            case HASHRATE -> statedRate = message.number(template, Field.HASHRATE);
            case LOGIN, SUBSCRIBE, OTHER -> {}
        }
        noteCost(nanos);
        if (pairable) {
            requests.add(message.idHash(), template.index(), share, fromOriginator);
        }
        return proof;
    }

    /// A reply to a request, which is thereby answered.
    void onReply(Template template, Matcher message, double hashesOfRequest, long nanos) {
        learn(template, message);
        switch (template.act()) {
            case ACCEPTED -> accept(hashesOfRequest);
            case REJECTED -> reject();
            case JOB -> learnJob(template, message);
            case DIFFICULTY -> learnDifficulty(template, message);
            case SHARE, HASHRATE, LOGIN, SUBSCRIBE, OTHER -> {}
        }
        noteCost(nanos);
    }

    long submitted() {
        return submittedShares;
    }

    long accepted() {
        return acceptedShares;
    }

    long rejected() {
        return rejected;
    }

    /// Hashes per second as the miner states it; NaN if it does not.
    double statedRate() {
        return statedRate;
    }

    /// What is mined.
    ///
    /// @param pool how the coins are mined that the pool is known for; null if that is not known
    ShareCheck.Reading reading(@Nullable CoinWork pool) {
        return algorithm == null && check != null
                ? check.reading(pool)
                : new ShareCheck.Reading(
                        algorithm == null ? dialect.algorithm() : algorithm, false, 1);
    }

    /// The pool whose jobs these are, whoever passes them on; null where they do not say.
    @Nullable PoolName pool() {
        return check == null ? null : check.pool();
    }

    /// What was done since the interval began.
    ///
    /// @param byReplies whether the accepted shares count; else those sent
    /// @param reading what is mined
    /// @param firstNanos when the interval began
    /// @param lastNanos the dialogue's latest packet
    WorkDone work(boolean byReplies, ShareCheck.Reading reading, long firstNanos, long lastNanos) {
        return (byReplies ? acceptedWork : submittedWork)
                .times(stretch(firstNanos, lastNanos) / reading.scale());
    }

    /// How many times as long the whole interval is as that part of it in which the cost was known.
    private double stretch(long firstNanos, long lastNanos) {
        if (costFromNanos <= firstNanos || costFromNanos >= lastNanos) {
            return 1;
        }
        double known = Math.max(INSTANT, lastNanos - costFromNanos);
        return Math.max(1, (double) (lastNanos - firstNanos) / known);
    }

    /// Bytes of the [Allowance] for books.
    int keptBooks() {
        return OWN_BYTES + requests.kept() + jobs.kept();
    }

    /// Bytes of the [Allowance] for names.
    int keptNames() {
        return agents.kept() + accounts.kept() + workers.kept();
    }

    /// Lets go of the jobs it holds back; nothing is booked after.
    void release() {
        if (check != null) {
            check.release();
        }
    }

    /// Whether the pool has been seen to take or refuse a share, or none was sent that it could:
    /// some pools never answer one.
    boolean answersShares() {
        return answered || submittedShares == 0;
    }

    void startInterval() {
        submittedShares = 0;
        acceptedShares = 0;
        submittedWork.clear();
        acceptedWork.clear();
        rejected = 0;
    }

    private void reject() {
        answered = true;
        rejected++;
    }

    private void accept(double hashes) {
        answered = true;
        acceptedShares++;
        acceptedWork.add(hashes);
    }

    private void learn(Template template, Matcher message) {
        learnNames(template, message);
        if (check != null) {
            check.onMessage(template, message);
        }
    }

    private void learnNames(Template template, Matcher message) {
        if (template.fields().contains(Field.AGENT)
                && agents.isNew(message.hash(template, Field.AGENT))) {
            agents.add(message.text(template, Field.AGENT));
        }
        if (template.fields().contains(Field.ACCOUNT)
                && accounts.isNew(message.hash(template, Field.ACCOUNT))) {
            learnAccount(message.text(template, Field.ACCOUNT));
        }
        if (template.fields().contains(Field.WORKER)
                && workers.isNew(message.hash(template, Field.WORKER))) {
            workers.add(message.text(template, Field.WORKER));
        }
        if (template.algorithm() != null) {
            algorithm = template.algorithm();
        }
        if (template.fields().contains(Field.ALGORITHM)) {
            long hash = message.hash(template, Field.ALGORITHM);
            if (hash != 0 && hash != latestAlgorithm) {
                latestAlgorithm = hash;
                algorithm = message.text(template, Field.ALGORITHM);
            }
        }
    }

    /// Pools write `account.worker`; what stands before the first dot is the account.
    private void learnAccount(@Nullable String name) {
        if (name == null) {
            return;
        }
        int dot = name.indexOf('.');
        if (dot > 0) {
            accounts.add(name.substring(0, dot));
            workers.add(name);
        } else {
            accounts.add(name);
        }
    }

    private void learnJob(Template template, Matcher message) {
        learnDifficulty(template, message);
        jobs.add(message.hash(template, Field.JOB), hashesPerShare);
    }

    private void learnDifficulty(Template template, Matcher message) {
        if (template.fields().contains(Field.TARGET)) {
            long hash = message.hash(template, Field.TARGET);
            if (hash != 0 && hash != latestTarget) {
                latestTarget = hash;
                String target = message.text(template, Field.TARGET);
                hashesPerShare =
                        target == null ? Double.NaN : ShareCost.ofTarget(dialect.work(), target);
            }
        } else if (template.fields().contains(Field.DIFFICULTY)) {
            hashesPerShare =
                    ShareCost.ofDifficulty(
                            dialect.work(), message.number(template, Field.DIFFICULTY));
        }
    }

    private void noteCost(long nanos) {
        if (!costKnown && !Double.isNaN(hashesPerShare)) {
            costKnown = true;
            boolean anySent = submittedWork.dropUnknown();
            boolean anyTaken = acceptedWork.dropUnknown();
            if (anySent || anyTaken) {
                costFromNanos = nanos;
            }
        }
    }

    /// A share may say its own difficulty, where one connection carries many rigs.
    private double hashesOfShare(Template template, Matcher message) {
        return saysDifficulty(template, message)
                ? hashesStated(template, message)
                : hashesOfJob(template, message);
    }

    /// One message may take many shares.
    private void acceptUnpaired(Template template, Matcher message) {
        double hashes =
                saysDifficulty(template, message)
                        ? hashesStated(template, message)
                        : latestHashesPerShare();
        double said = message.number(template, Field.SHARES);
        double shares = Double.isNaN(said) ? 1 : Math.min(said, MAX_SHARES_OF_MESSAGE);
        for (int i = 0; i < shares; i++) {
            accept(hashes);
        }
    }

    private static boolean saysDifficulty(Template template, Matcher message) {
        return says(template, message, Field.TARGET) || says(template, message, Field.DIFFICULTY);
    }

    private static boolean says(Template template, Matcher message, Field field) {
        return template.fields().contains(field) && message.hash(template, field) != 0;
    }

    private double hashesStated(Template template, Matcher message) {
        learnDifficulty(template, message);
        return hashesPerShare;
    }

    private double hashesOfJob(Template template, Matcher message) {
        double known = jobs.hashesPerShare(message.hash(template, Field.JOB));
        return Double.isNaN(known) ? hashesPerShare : known;
    }

    /// Some pools take a share by the latest target already, also for an earlier job.
    private double leastHashes(double ofJob) {
        return hashesPerShare < ofJob ? hashesPerShare : ofJob;
    }

    private double latestHashesPerShare() {
        return Double.isNaN(jobs.latest()) ? hashesPerShare : jobs.latest();
    }
}
