package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minewatch.sensor.inspect.shape.BlockClock;
import minewatch.signatures.Act;
import minewatch.signatures.Dialect;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.Side;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Template;
import org.jspecify.annotations.Nullable;

/// What the two sides of one flow have said, held against every dialect of the pack.
///
/// Who is the miner is decided by what is said: each matched message votes with its weight for the
/// side that may send it. One half of a dialogue is normal, and so is a dialogue that began before
/// the sensor did.
///
/// Dialects share their first messages, so books are kept for many; as soon as one is proved, those
/// that trail far behind are closed, and only a distinctive message opens any again.
///
/// - **Memory:** at most [#MAX_ACCOUNTS] dialects and [Tallies#MAX] message shapes are kept for a
///   dialogue.
/// - **Thread:** the worker's own.
final class Dialogue implements Matcher.Sink {
    static final int MAX_ACCOUNTS = 16;

    /// Votes, in log-odds, from which on the roles are taken as known.
    private static final double ROLE_CERTAIN = 3.0;

    /// Weight from which on a message tells its dialect.
    private static final double DISTINCTIVE = 6.0;

    /// Weight from which on a message opens books where others are open already: what says less is
    /// shared by many dialects, and the right one of them was among those the first message opened.
    private static final double OPENING = 5.0;

    /// Log-odds behind a proved dialect from which on another is given up.
    private static final double TRAILING = 6.0;

    private final SignaturePack pack;
    private final Matcher matcher;
    private final Hearing heard;
    private final CheckBudget checks;
    private final Allowance books;
    private final Allowance names;
    private final @Nullable Trace trace;
    private final SessionView session;
    private final BlockClock blocks;

    /// The books open longest; the others hang on to it, which is nearer than in a list.
    private @Nullable Account accounts;

    private int open;
    private final Tallies tallies;
    private double originatorIsMiner;
    private long messages;
    private long matchedMessages;
    private boolean jobSeen;
    private long unpairedReplies;
    private boolean originatorHeard;
    private boolean responderHeard;
    private boolean settled;

    Dialogue(
            SignaturePack pack,
            Hearing heard,
            BufferBudget budget,
            SessionView session,
            BlockClock blocks,
            @Nullable Trace trace) {
        this.pack = pack;
        this.matcher = heard.matcher;
        this.heard = heard;
        this.checks = budget.checks();
        this.books = new Allowance(budget, Allowance.BOOKS);
        this.names = new Allowance(budget, Allowance.NAMES);
        this.tallies = new Tallies(books);
        this.session = session;
        this.blocks = blocks;
        this.trace = trace;
    }

    /// See [Session#touch(boolean, int)].
    long touch(int step) {
        return switch (step) {
            case 0 -> matchedMessages + (settled ? 1 : 0);
            default -> tallies.touch(step - 1) + (accounts == null ? 0 : accounts.touch(step - 1));
        };
    }

    /// One JSON text, `data[start, end)`.
    void onText(boolean byOriginator, byte[] data, int start, int end, long nanos) {
        hear(byOriginator, false, data, start, end, nanos);
        messages++;
    }

    /// See [MessageFramer.Handler#onFirstText].
    int onFirstText(boolean byOriginator, byte[] data, int start, int end, long nanos) {
        int next = matcher.parseFirst(data, start, end);
        if (next >= 0) {
            hearParsed(byOriginator, false, data, start, next, nanos);
            messages++;
        }
        return next;
    }

    /// One JSON text in the body of an HTTP message.
    void onBody(boolean byOriginator, byte[] data, int start, int end, long nanos) {
        hear(byOriginator, true, data, start, end, nanos);
        messages++;
    }

    /// The head of an HTTP message, rendered. It comes with a message, and is itself one only where
    /// a dialect knows it.
    void onHead(boolean byOriginator, byte[] data, int start, int end, long nanos) {
        hear(byOriginator, true, data, start, end, nanos);
        if (heard.anyMatch) {
            messages++;
        }
    }

    private void hear(
            boolean byOriginator, boolean inHttp, byte[] data, int start, int end, long nanos) {
        matcher.parse(data, start, end);
        hearParsed(byOriginator, inHttp, data, start, end, nanos);
    }

    private void hearParsed(
            boolean byOriginator, boolean inHttp, byte[] data, int start, int end, long nanos) {
        heard.begin(byOriginator, inHttp, data, start, end, nanos);
        originatorHeard |= byOriginator;
        responderHeard |= !byOriginator;
        if (matcher.isObject()) {
            matchMessage();
        }
        if (heard.anyMatch) {
            matchedMessages++;
        }
        if (heard.distinctive && open > 1) {
            settle();
        }
        if (trace != null) {
            trace.onMessage(
                    session,
                    byOriginator,
                    nanos,
                    Excerpt.text(data, start, end),
                    List.copyOf(heard.matchedNames));
            heard.matchedNames.clear();
        }
        heard.end();
    }

    long messages() {
        return messages;
    }

    long matchedMessages() {
        return matchedMessages;
    }

    /// Whether the flow's originator is the miner; the originator where nothing was said.
    boolean minerIsOriginator() {
        return originatorIsMiner >= 0;
    }

    List<Tally> tallies() {
        return tallies.list();
    }

    /// The strongest reading of the dialogue; null where no message matched.
    @Nullable Score best() {
        Score best = null;
        for (Account account = accounts; account != null; account = account.next) {
            Score score = score(account);
            if (best == null
                    || score.logOdds() > best.logOdds()
                    || (score.logOdds() == best.logOdds() && score.messages() > best.messages())) {
                best = score;
            }
        }
        return best;
    }

    List<Score> scores() {
        List<Score> scores = new ArrayList<>();
        for (Account account = accounts; account != null; account = account.next) {
            scores.add(score(account));
        }
        return scores;
    }

    /// A reply whose requests are never seen says nothing, for a dialect or against it.
    private Score score(Account account) {
        return Score.of(account.index, tallies.list(), messages - unpairedReplies);
    }

    @Nullable Account account(int dialect) {
        for (Account account = accounts; account != null; account = account.next) {
            if (account.index == dialect) {
                return account;
            }
        }
        return null;
    }

    void startInterval() {
        for (Account account = accounts; account != null; account = account.next) {
            account.startInterval();
        }
        tallies.startInterval();
    }

    /// Gives back what was reserved of the [BufferBudget]; nothing is heard after.
    void release() {
        books.release();
        names.release();
        for (Account account = accounts; account != null; account = account.next) {
            account.release();
        }
    }

    private void matchMessage() {
        Side from = sender();
        heard.pairable = matcher.isRequest() && matcher.idHash() != 0;
        if (!matcher.isRequest()) {
            matchAnswers(from);
        }
        if (!heard.anyMatch) {
            heard.answering = null;
            matcher.match(from, null, this);
        }
        boolean bothHeard = originatorHeard && responderHeard;
        if (!heard.anyMatch && !matcher.isRequest() && !bothHeard) {
            unpairedReplies++;
        }
    }

    private void matchAnswers(@Nullable Side from) {
        long id = matcher.idHash();
        for (Account account = accounts; account != null; account = account.next) {
            int slot = account.requests.find(id, !heard.fromOriginator);
            if (slot != Requests.NONE) {
                heard.answering = account;
                heard.hashesOfRequest = account.requests.hashesPerShare(slot);
                Template request = pack.templates().get(account.requests.template(slot));
                account.requests.remove(slot);
                matcher.match(from, request, this);
            }
        }
    }

    @Override
    public boolean wants(Template template) {
        return template.weight() < 0 || isBookable(template);
    }

    @Override
    public void onMatch(Template template) {
        if (template.weight() < 0) {
            onHarmless(template);
            return;
        }
        Account answered = heard.answering;
        Account account = answered == null ? accountFor(template) : answered;
        Tally tally = account == null ? null : tallyFor(template);
        if (account == null || tally == null) {
            return;
        }
        heard.anyMatch = true;
        tally.increment();
        heard.distinctive |= tally.total == 1 && template.weight() >= DISTINCTIVE;
        vote(template);
        watchBlocks(template);
        if (account.isFirstOf(messages)) {
            book(account, template, answered != null);
        }
        if (trace != null) {
            heard.matchedNames.add(template.id());
        }
    }

    /// Whether there are books for this template, or it would open some. A reply belongs to the
    /// dialect of its request.
    private boolean isBookable(Template template) {
        Account answered = heard.answering;
        boolean open =
                answered == null
                        ? account(template.dialect()) != null || mayOpen(template)
                        : template.dialect() == answered.index;
        return open && heard.http == isHttp(pack.dialects().get(template.dialect()));
    }

    private static boolean isHttp(Dialect dialect) {
        return dialect.framing() == Dialect.Framing.HTTP;
    }

    /// Of several shapes of a dialect that a message fits, the first is booked.
    private void book(Account account, Template template, boolean answers) {
        if (!answers) {
            Template proof =
                    account.onMessage(
                            template,
                            matcher,
                            heard.fromOriginator,
                            heard.pairable,
                            heard.timeNanos);
            Tally proofs = proof == null ? null : tallyFor(proof);
            if (proofs != null) {
                proofs.increment();
            }
        } else {
            account.onReply(template, matcher, heard.hashesOfRequest, heard.timeNanos);
        }
    }

    /// Something that is not mining: noted, and never a match.
    private void onHarmless(Template template) {
        Tally tally = tallyFor(template);
        if (tally != null) {
            tally.increment();
        }
        if (trace != null) {
            heard.matchedNames.add(template.id());
        }
    }

    /// The first job a session gets is a fresh one, whether there is a new block or not.
    private void watchBlocks(Template template) {
        if (template.act() == Act.JOB && template.fields().contains(Field.CLEAN)) {
            if (jobSeen && matcher.number(template, Field.CLEAN) == 1) {
                blocks.tick(heard.timeNanos);
            }
            jobSeen = true;
        }
    }

    private void vote(Template template) {
        if (template.from() == Side.EITHER) {
            return;
        }
        boolean saysOriginator = (template.from() == Side.MINER) == heard.fromOriginator;
        originatorIsMiner += saysOriginator ? template.weight() : -template.weight();
    }

    private @Nullable Side sender() {
        if (Math.abs(originatorIsMiner) < ROLE_CERTAIN) {
            return null;
        }
        return minerIsOriginator() == heard.fromOriginator ? Side.MINER : Side.POOL;
    }

    /// Closes the books of the dialects it cannot be any more, once it is known which one it is.
    private void settle() {
        Score best = best();
        if (best == null || !best.isProof()) {
            return;
        }
        double least = best.logOdds() - TRAILING;
        closeBelow(least);
        tallies.keepOnly(dialect -> account(dialect) != null);
        settled = true;
    }

    private void closeBelow(double least) {
        Account account = accounts;
        accounts = null;
        open = 0;
        while (account != null) {
            Account after = account.next;
            account.next = null;
            if (score(account).logOdds() >= least) {
                append(account);
            } else {
                account.release();
                books.give(account.keptBooks());
                names.give(account.keptNames());
            }
            account = after;
        }
    }

    private void append(Account opened) {
        open++;
        if (accounts == null) {
            accounts = opened;
            return;
        }
        Account last = accounts;
        while (last.next != null) {
            last = last.next;
        }
        last.next = opened;
    }

    private double openingWeight() {
        if (matchedMessages == 0) {
            return 0;
        }
        return settled ? DISTINCTIVE : OPENING;
    }

    private boolean mayOpen(Template template) {
        return open < MAX_ACCOUNTS && template.weight() >= openingWeight();
    }

    private @Nullable Account accountFor(Template template) {
        int dialect = template.dialect();
        Account known = account(dialect);
        if (known != null || !mayOpen(template) || !books.take(Account.OWN_BYTES)) {
            return known;
        }
        Account opened = new Account(dialect, pack.dialects().get(dialect), books, names, checks);
        append(opened);
        return opened;
    }

    private @Nullable Tally tallyFor(Template template) {
        Tally known = tallies.find(template, heard.fromOriginator);
        if (known != null || !tallies.hasRoomFor(template)) {
            return known;
        }
        byte[] excerpt = excerpt();
        if (excerpt == null) {
            return null;
        }
        Tally opened = new Tally(template, heard.fromOriginator, heard.timeNanos, excerpt);
        return tallies.add(opened) ? opened : null;
    }

    /// The start of the message in hand; one copy, however many shapes it fits. Null where it may
    /// not be kept.
    private byte @Nullable [] excerpt() {
        byte[] made = heard.excerpt;
        int end = Math.min(heard.textEnd, heard.textStart + Tally.MAX_EXCERPT_BYTES);
        if (made == null && books.take(end - heard.textStart)) {
            made = Arrays.copyOfRange(heard.text, heard.textStart, end);
            heard.excerpt = made;
        }
        return made;
    }
}
