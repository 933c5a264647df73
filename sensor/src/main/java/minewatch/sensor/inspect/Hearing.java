package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.List;
import minewatch.signatures.Matcher;
import org.jspecify.annotations.Nullable;

/// The message in hand, of whichever dialogue: one for all of a worker, so that a dialogue holds no
/// more than what it must remember, and no message leaves a mark on it for the collector.
///
/// - **Thread:** the worker's own.
final class Hearing {
    private static final byte[] NONE = {};

    final Matcher matcher;
    final List<String> matchedNames = new ArrayList<>();
    boolean fromOriginator;
    boolean http;
    long timeNanos;
    byte[] text = NONE;
    int textStart;
    int textEnd;
    boolean anyMatch;
    boolean distinctive;
    boolean pairable;
    byte @Nullable [] excerpt;
    @Nullable Account answering;
    double hashesOfRequest;

    Hearing(Matcher matcher) {
        this.matcher = matcher;
    }

    void begin(boolean byOriginator, boolean inHttp, byte[] data, int start, int end, long nanos) {
        fromOriginator = byOriginator;
        http = inHttp;
        timeNanos = nanos;
        text = data;
        textStart = start;
        textEnd = end;
        anyMatch = false;
        distinctive = false;
    }

    void end() {
        text = NONE; // it is the caller's, and may be large
        excerpt = null;
        answering = null;
    }
}
