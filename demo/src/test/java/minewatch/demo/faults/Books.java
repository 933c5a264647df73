package minewatch.demo.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// The oracle: what one sensor issued, held against what the ledger holds of it.
final class Books {
    private final Set<Long> spooled = new HashSet<>();
    private final Set<Long> refused = new HashSet<>();

    /// Issued, and the sensor was killed before the spool had answered: nothing is promised.
    private final Set<Long> unanswered = new HashSet<>();

    private long last;
    private boolean drained;

    /// What the ledger holds of one sensor.
    ///
    /// @param numbers of hits, as often as they are there
    /// @param lost hits in gaps, as far as their number is known
    /// @param reasons of gaps
    /// @param unknown gaps that do not say how many hits are lost
    record Held(List<Long> numbers, long lost, List<String> reasons, long unknown) {}

    /// A line of the sensor's output.
    synchronized void note(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3) {
            return;
        }
        List<Long> range =
                LongStream.rangeClosed(Long.parseLong(words[1]), Long.parseLong(words[2]))
                        .boxed()
                        .toList();
        switch (words[0]) {
            case "issuing" -> {
                unanswered.addAll(range);
                last = range.getLast();
            }
            case "spooled" -> answered(spooled, range);
            case "refused" -> answered(refused, range);
            case "drained" -> drained = true;
            default -> {} // a line of a library
        }
    }

    private void answered(Set<Long> answer, List<Long> range) {
        answer.addAll(range);
        range.forEach(unanswered::remove);
    }

    synchronized long last() {
        return last;
    }

    synchronized int spooledCount() {
        return spooled.size();
    }

    synchronized boolean isDrained() {
        return drained;
    }

    /// Fails unless what was issued is stored once, or counted in gaps.
    ///
    /// @return the count in one line
    synchronized String balance(Held held) {
        Set<Long> stored = new HashSet<>(held.numbers());
        assertThat(held.numbers()).as("no hit twice").hasSameSizeAs(stored);

        List<Long> neverIssued = new ArrayList<>(stored);
        neverIssued.removeAll(spooled);
        neverIssued.removeAll(refused);
        neverIssued.removeAll(unanswered);
        assertThat(neverIssued).as("no hit that was never issued").isEmpty();

        Set<Long> missing = new HashSet<>(spooled);
        missing.addAll(refused);
        missing.removeAll(stored);
        if (held.unknown() == 0) {
            assertThat((long) missing.size()).as("missing are in gaps").isEqualTo(held.lost());
        } else {
            assertThat((long) missing.size())
                    .as("missing are in gaps, of which some do not say how many")
                    .isGreaterThanOrEqualTo(held.lost());
        }
        return "issued %d, stored %d, lost and told %d %s, unanswered at kills %d"
                .formatted(
                        spooled.size() + refused.size(),
                        stored.size(),
                        missing.size(),
                        Set.copyOf(held.reasons()),
                        unanswered.size());
    }

    /// Whether nothing that the spool took is missing.
    synchronized boolean isAllStored(Held held) {
        return new HashSet<>(held.numbers()).containsAll(spooled);
    }

    /// Fails also if anything the spool took is missing.
    synchronized String balanceWithoutLoss(Held held) {
        Set<Long> missing = new HashSet<>(spooled);
        held.numbers().forEach(missing::remove);
        assertThat(missing).as("spooled and not stored").isEmpty();
        return balance(held);
    }
}
