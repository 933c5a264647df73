package minewatch.sensor.command;

import java.io.IOException;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.sensor.output.EveEvents;

/// Suricata's EVE JSON, one event a line.
final class EvePrinter implements HitPrinter {
    private final Appendable out;

    EvePrinter(Appendable out) {
        this.out = out;
    }

    @Override
    public void print(List<Hit> hits) throws IOException {
        for (Hit hit : hits) {
            for (String event : EveEvents.of(hit)) {
                out.append(event).append('\n');
            }
        }
    }

    @Override
    public void finish() {
        // every line is complete
    }
}
