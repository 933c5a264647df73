package minewatch.sensor.spool;

import java.util.ArrayList;
import java.util.List;
import minewatch.feed.v1.Gap;

/// The batches that are lost and whose loss the collector has not yet acknowledged: disjoint ranges
/// of numbers in ascending order. Not thread-safe.
final class Gaps {
    private final List<Gap> gaps = new ArrayList<>();

    Gaps(List<Gap> known) {
        known.forEach(
                gap -> add(gap.getReason(), gap.getFirstSeq(), gap.getLastSeq(), gap.getHits()));
    }

    /// Adds what of the range is not known to be lost already; joins neighbours of one reason.
    ///
    /// @param hits lost with the range; 0 if unknown
    /// @return how many batches were not known to be lost
    long add(String reason, long first, long last, long hits) {
        long from = first;
        long added = 0;
        for (Gap known : List.copyOf(gaps)) {
            if (known.getLastSeq() >= from && known.getFirstSeq() <= last) {
                added += insert(reason, from, known.getFirstSeq() - 1, added == 0 ? hits : 0);
                from = known.getLastSeq() + 1;
            }
        }
        return added + insert(reason, from, last, added == 0 ? hits : 0);
    }

    /// What is lost between the two numbers, both exclusive; of a gap that reaches beyond, that
    /// part.
    List<Gap> between(long after, long before) {
        return gaps.stream()
                .filter(gap -> gap.getLastSeq() > after && gap.getFirstSeq() < before)
                .map(gap -> beforeOnly(afterOnly(gap, after), before))
                .toList();
    }

    /// Whether every number of the range is lost for this reason.
    boolean covers(String reason, long first, long last) {
        return gaps.stream()
                .anyMatch(gap ->
                        gap.getReason().equals(reason)
                                && gap.getFirstSeq() <= first
                                && gap.getLastSeq() >= last);
    }

    /// The greatest number that is lost; 0 if none.
    long lastSeq() {
        return gaps.isEmpty() ? 0 : gaps.getLast().getLastSeq();
    }

    /// Forgets what the collector knows of, or holds after all.
    void acknowledged(long throughSeq) {
        gaps.removeIf(gap -> gap.getLastSeq() <= throughSeq);
        gaps.replaceAll(gap -> afterOnly(gap, throughSeq));
    }

    /// How many of the hits are in a part of the range is not known.
    private static Gap afterOnly(Gap gap, long after) {
        return gap.getFirstSeq() > after
                ? gap
                : gap(gap.getReason(), after + 1, gap.getLastSeq(), 0);
    }

    private static Gap beforeOnly(Gap gap, long before) {
        return gap.getLastSeq() < before
                ? gap
                : gap(gap.getReason(), gap.getFirstSeq(), before - 1, 0);
    }

    List<Gap> all() {
        return List.copyOf(gaps);
    }

    /// @return the batches of the range, which may be empty
    private long insert(String reason, long first, long last, long hits) {
        if (first > last) {
            return 0;
        }
        int at = 0;
        while (at < gaps.size() && gaps.get(at).getFirstSeq() < first) {
            at++;
        }
        gaps.add(at, gap(reason, first, last, hits));
        join(at);
        join(at - 1);
        return last - first + 1;
    }

    /// Makes one of the two neighbours at `at` and `at + 1`, where both are known or unknown alike.
    private void join(int at) {
        if (at < 0 || at + 1 >= gaps.size()) {
            return;
        }
        Gap left = gaps.get(at);
        Gap right = gaps.get(at + 1);
        boolean alike =
                left.getReason().equals(right.getReason())
                        && left.getLastSeq() + 1 == right.getFirstSeq()
                        && (left.getHits() == 0) == (right.getHits() == 0);
        if (alike) {
            gaps.remove(at + 1);
            long hits = left.getHits() + right.getHits();
            gaps.set(at, gap(left.getReason(), left.getFirstSeq(), right.getLastSeq(), hits));
        }
    }

    private static Gap gap(String reason, long first, long last, long hits) {
        return Gap.newBuilder()
                .setReason(reason)
                .setFirstSeq(first)
                .setLastSeq(last)
                .setHits(hits)
                .build();
    }
}
