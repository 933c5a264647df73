package minewatch.sensor.rollup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Stretches of time, and how long they last together: overlaps count once, so that ten rigs at the
/// same time and one rig that reconnects ten times both give the right rate.
final class Spans {
    private record Span(long fromNanos, long toNanos) {}

    private final List<Span> spans = new ArrayList<>();

    void add(long fromNanos, long toNanos) {
        spans.add(new Span(fromNanos, toNanos));
    }

    double seconds() {
        List<Span> sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparingLong(Span::fromNanos));
        long total = 0;
        long coveredTo = Long.MIN_VALUE;
        for (Span span : sorted) {
            long from = Math.max(span.fromNanos, coveredTo);
            if (span.toNanos > from) {
                total += span.toNanos - from;
                coveredTo = span.toNanos;
            }
        }
        return total / 1e9;
    }
}
