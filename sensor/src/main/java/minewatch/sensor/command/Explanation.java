package minewatch.sensor.command;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minewatch.feed.Addresses;
import minewatch.feed.Times;
import minewatch.sensor.inspect.Score;
import minewatch.sensor.inspect.SessionView;
import minewatch.sensor.inspect.Trace;
import minewatch.signatures.Dialect;
import minewatch.signatures.SignaturePack;
import org.jspecify.annotations.Nullable;

/// Gathers what was said and judged of each suspect flow, and prints it flow by flow.
final class Explanation implements Trace {
    private static final int MAX_FLOWS = 100_000;
    private static final int SHOWN_LENGTH = 160;

    private static final class Story {
        final int number;
        final List<String> lines = new ArrayList<>();
        long hidden;

        Story(int number) {
            this.number = number;
        }
    }

    private final SignaturePack pack;
    private final int messageLimit;
    private final byte @Nullable [] only;
    private final int onlyFlow;
    private final IdentityHashMap<SessionView, Story> stories = new IdentityHashMap<>();
    private final List<Story> finished = new ArrayList<>();

    /// Numbers of flows that may be looked at again, by their ends.
    private final Map<String, Integer> givenUp = new HashMap<>();

    private int flows;

    /// @param only address one end must have, or null
    /// @param onlyFlow number of the flow to show, or 0 for all
    Explanation(SignaturePack pack, int messageLimit, byte @Nullable [] only, int onlyFlow) {
        this.pack = pack;
        this.messageLimit = messageLimit;
        this.only = only;
        this.onlyFlow = onlyFlow;
    }

    int flows() {
        return flows;
    }

    void print(PrintStream out) {
        finished.sort((a, b) -> Integer.compare(a.number, b.number));
        for (Story story : finished) {
            out.println();
            story.lines.forEach(out::println);
        }
    }

    @Override
    public void onMessage(
            SessionView session,
            boolean fromOriginator,
            long timeNanos,
            String text,
            List<String> matched) {
        Story story = story(session);
        if (story.lines.size() > messageLimit) {
            story.hidden++;
            return;
        }
        String shown = text.length() > SHOWN_LENGTH ? text.substring(0, SHOWN_LENGTH) + "…" : text;
        story.lines.add(
                "  %s %s %s"
                        .formatted(
                                Times.text(timeNanos),
                                fromOriginator ? "→" : "←",
                                printable(shown)));
        if (!matched.isEmpty()) {
            int last = story.lines.size() - 1;
            story.lines.set(
                    last, story.lines.get(last) + "\n      = " + String.join(", ", matched));
        }
    }

    @Override
    public void onEnd(
            SessionView session,
            long messages,
            List<Score> scores,
            List<String> weights,
            String outcome) {
        Story story = story(session);
        stories.remove(session);
        if (outcome.startsWith("given up") && givenUp.size() < MAX_FLOWS) {
            givenUp.put(ends(session), story.number);
        }
        if (!isWanted(session, story)) {
            return;
        }
        if (story.hidden > 0) {
            story.lines.add("  … " + ScanCommand.count((int) story.hidden, "message") + " more");
        }
        story.lines.add("  " + ScanCommand.count((int) messages, "message") + ", " + outcome);
        for (String weight : weights) {
            story.lines.add("  evidence " + weight);
        }
        for (Score score : scores) {
            story.lines.add("  " + judgement(score));
        }
        if (scores.isEmpty() && weights.isEmpty()) {
            story.lines.add("  verdict none: no message fits any dialect");
        }
        if (finished.size() < MAX_FLOWS) {
            finished.add(story);
        }
    }

    private String judgement(Score score) {
        Dialect dialect = pack.dialects().get(score.dialect());
        String verdict = score.verdict(dialect.claim()).name().toLowerCase(Locale.ROOT);
        String line =
                String.format(
                        Locale.ROOT,
                        "verdict %s for %s: log-odds %+.1f (prior %.1f), confidence %.4f, %s%s",
                        verdict,
                        dialect.id(),
                        score.logOdds(),
                        Score.PRIOR,
                        Math.floor(score.confidence() * 1e4) / 1e4,
                        ScanCommand.count(score.groups(), "independent group"),
                        score.bothDirections() ? ", both directions" : "");
        List<String> missing = score.missing();
        return missing.isEmpty()
                ? line
                : line + "; missing for proof: " + String.join("; ", missing);
    }

    private Story story(SessionView session) {
        return stories.computeIfAbsent(session, this::open);
    }

    private Story open(SessionView session) {
        String ends = ends(session);
        Integer before = givenUp.remove(ends);
        Story story = new Story(before == null ? ++flows : before);
        String again = before == null ? "" : " (looked at again)";
        story.lines.add("flow " + story.number + ": " + ends + again);
        return story;
    }

    private static String ends(SessionView session) {
        return end(session.originatorHigh(), session.originatorLow(), session.originatorPort())
                + " → "
                + end(session.responderHigh(), session.responderLow(), session.responderPort());
    }

    private boolean isWanted(SessionView session, Story story) {
        boolean ends =
                only == null
                        || Arrays.equals(
                                only, bytes(session.originatorHigh(), session.originatorLow()))
                        || Arrays.equals(
                                only, bytes(session.responderHigh(), session.responderLow()));
        return ends && (onlyFlow == 0 || onlyFlow == story.number);
    }

    private static String end(long high, long low, int port) {
        String address = Addresses.text(bytes(high, low));
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    private static byte[] bytes(long high, long low) {
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return high == 0 && low >>> 32 == 0xFFFFL ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars().forEach(c -> printable.append(Character.isISOControl(c) ? '·' : (char) c));
        return printable.toString();
    }
}
