package minewatch.sensor.workbench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Template;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.language.SignatureFile;
import org.jspecify.annotations.Nullable;

/// Times signatures over a sample of messages. Indicative: one machine, one process, whatever else
/// it does; JMH in `bench/` is the place for figures to build on.
///
/// What is timed is a pass over all messages: parsing alone, and parsing and matching with a pack
/// of one signature, and of all. Matching is the difference. Every pass is repeated until it takes
/// [#PASS_NANOS] of this thread's processor time, which others on the machine do not lengthen as
/// they do the clock's; after a warm-up the candidates take turns, round by round, so that a busy
/// moment hits all alike; the median of the rounds counts.
public final class Stopwatch {
    static final long PASS_NANOS = 10_000_000;
    private static final long WARM_UP_NANOS = 250_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// @param signature protocol file id, `(parsing)` or `(all)`
    /// @param matched messages it matched
    /// @param nanosPerMessage median; of parsing, or of matching alone, 0 or more
    /// @param spread how far the rounds' quartiles lie from the median, as a part of it, of the
    ///   pass
    public record Timing(String signature, long matched, double nanosPerMessage, double spread) {}

    private static final class Candidate {
        final String name;
        final Matcher matcher;
        final boolean matches;
        final double[] nanos;
        long matched;
        int repeats = 1;

        Candidate(String name, SignaturePack pack, boolean matches, int rounds) {
            this.name = name;
            this.matcher = pack.newMatcher();
            this.matches = matches;
            this.nanos = new double[rounds];
        }

        double median() {
            return nanos[nanos.length / 2];
        }

        double spread() {
            double quartiles = nanos[nanos.length * 3 / 4] - nanos[nanos.length / 4];
            return quartiles / 2 / median();
        }
    }

    private final List<byte[]> messages;
    private long found;
    private final Matcher.Sink sink = this::onMatch;

    private Stopwatch(List<byte[]> messages) {
        this.messages = messages;
    }

    /// Times each file alone, and all of them as one pack.
    ///
    /// @param messages at least one
    /// @param rounds an odd number
    /// @return parsing first, then the files, then all together
    public static List<Timing> time(List<SignatureFile> files, List<byte[]> messages, int rounds) {
        SignaturePack all = CompiledPack.of(files);
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate("(parsing)", all, false, rounds));
        for (SignatureFile file : files) {
            candidates.add(new Candidate(file.id(), CompiledPack.of(List.of(file)), true, rounds));
        }
        candidates.add(new Candidate("(all)", all, true, rounds));
        new Stopwatch(messages).run(candidates, rounds);
        double parsing = candidates.getFirst().median();
        return candidates.stream().map(c -> timing(c, parsing, messages.size())).toList();
    }

    private static Timing timing(Candidate candidate, double parsing, int messages) {
        double nanos = candidate.matches ? candidate.median() - parsing : candidate.median();
        return new Timing(
                candidate.name,
                candidate.matched,
                Math.max(0, nanos) / messages,
                candidate.spread());
    }

    private void run(List<Candidate> candidates, int rounds) {
        candidates.forEach(this::warmUp);
        for (int round = 0; round < rounds; round++) {
            for (Candidate candidate : candidates) {
                candidate.nanos[round] = passes(candidate) / candidate.repeats;
            }
        }
        candidates.forEach(candidate -> Arrays.sort(candidate.nanos));
    }

    private void warmUp(Candidate candidate) {
        found = 0;
        pass(candidate);
        candidate.matched = found;
        for (double spent = 0; spent < WARM_UP_NANOS; ) {
            double nanos = passes(candidate);
            spent += nanos;
            double once = Math.max(1, nanos / candidate.repeats);
            candidate.repeats = (int) Math.clamp(PASS_NANOS / once, 1, 1_000_000);
        }
    }

    private double passes(Candidate candidate) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < candidate.repeats; i++) {
            pass(candidate);
        }
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private void pass(Candidate candidate) {
        for (byte[] message : messages) {
            boolean object =
                    candidate.matcher.parse(message, 0, message.length) == Matcher.Parse.OBJECT;
            if (object && candidate.matches) {
                match(candidate.matcher, null);
            }
        }
    }

    private void match(Matcher matcher, @Nullable Template request) {
        long before = found;
        matcher.match(null, request, sink);
        found = before + (found > before ? 1 : 0); // a message counts once
    }

    private void onMatch(Template template) {
        found++;
    }
}
