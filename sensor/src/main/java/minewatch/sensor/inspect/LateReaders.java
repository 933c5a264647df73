package minewatch.sensor.inspect;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Several readers as one, made when the first of them is needed: most flows speak JSON and nothing
/// else, and the readers of one flow are some fifty objects.
final class LateReaders implements StreamReader {
    private final Supplier<StreamReader[]> maker;
    private StreamReader @Nullable [] readers;
    private @Nullable StreamReader reader;

    /// @param maker of readers; of those that can read what is offered the first has it
    LateReaders(Supplier<StreamReader[]> maker) {
        this.maker = maker;
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        Start answer = Start.NO;
        for (StreamReader each : made()) {
            switch (each.starts(data, at, to)) {
                case YES -> {
                    reader = each;
                    return Start.YES;
                }
                case MAYBE -> answer = Start.MAYBE;
                case NO -> {}
            }
        }
        return answer;
    }

    private StreamReader[] made() {
        StreamReader[] made = readers;
        if (made == null) {
            made = maker.get();
            readers = made;
        }
        return made;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        StreamReader current = reader;
        return current == null ? at : current.consume(data, at, to, timeNanos);
    }

    @Override
    public boolean isAtBoundary() {
        return reader == null || reader.isAtBoundary();
    }

    @Override
    public void onGap() {
        if (reader != null) {
            reader.onGap();
        }
    }

    @Override
    public void release() {
        if (readers != null) {
            for (StreamReader each : readers) {
                each.release();
            }
        }
    }
}
