package minewatch.sensor.command;

import java.io.IOException;
import java.util.List;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Hit;

/// One `minewatch.hit/1` object a line.
final class NdjsonPrinter implements HitPrinter {
    private final Appendable out;

    NdjsonPrinter(Appendable out) {
        this.out = out;
    }

    @Override
    public void print(List<Hit> hits) throws IOException {
        for (Hit hit : hits) {
            out.append(HitJson.write(hit)).append('\n');
        }
    }

    @Override
    public void finish() {
        // every line is complete
    }
}
