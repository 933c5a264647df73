package minewatch.sensor.inspect;

import java.util.LinkedHashMap;
import java.util.Map;

/// Sources that were seen to mine in the clear, the latest of them.
///
/// - **Thread:** the worker's own.
final class PlainMiners {
    static final int MOST = 4096;

    private record Source(long high, long low) {}

    private final Map<Source, String> dialects =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Source, String> eldest) {
                    return size() > MOST;
                }
            };

    void add(Finding finding) {
        if (finding.verdict().compareTo(Verdict.PROBABLE) >= 0) {
            Finding.Parties parties = finding.parties();
            Source source = new Source(parties.minerHigh(), parties.minerLow());
            add(source, finding.dialect().id());
        }
    }

    void add(PlainMiners other) {
        other.dialects.forEach(this::add);
    }

    /// Of several dialects the first by name, in whatever order they come.
    private void add(Source source, String dialect) {
        dialects.merge(source, dialect, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }

    /// The dialect this source was seen to speak; empty if none.
    String dialect(long high, long low) {
        return dialects.getOrDefault(new Source(high, low), "");
    }
}
