package minewatch.sensor.inspect;

import minewatch.signatures.Template;

/// How often one message shape was seen in one dialogue, with its first occurrence as the example.
final class Tally {
    static final int MAX_EXCERPT_BYTES = 256;

    /// Of the [Allowance], without the excerpt, which tallies of one message share.
    static final int BYTES = 72;

    final Template template;
    final boolean fromOriginator;
    final long firstNanos;
    final byte[] excerpt;

    /// Over the whole dialogue.
    long total;

    /// Since the last report.
    long count;

    Tally(Template template, boolean fromOriginator, long firstNanos, byte[] excerpt) {
        this.template = template;
        this.fromOriginator = fromOriginator;
        this.firstNanos = firstNanos;
        this.excerpt = excerpt;
    }

    void increment() {
        total++;
        count++;
    }
}
