package minewatch.sensor.inspect.endpoint;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The server an HTTP/1 request is meant for (RFC 9110 §7.2).
public final class HttpHost {
    private static final int MAX_HEAD = 4096; // bytes
    private static final int MAX_HOST = 255;
    private static final byte[] HEADER = {'\n', 'h', 'o', 's', 't', ':'};

    private HttpHost() {}

    /// The value of the header `Host` without a port, where `data[0, length)` begins with an HTTP/1
    /// request; else null.
    public static byte @Nullable [] find(byte[] data, int length) {
        if (length < 16 || data[0] < 'A' || data[0] > 'Z') {
            return null;
        }
        int end = Math.min(length, MAX_HEAD);
        for (int at = 0; at + HEADER.length < end; at++) {
            if (data[at] == '\n' && isHeader(data, at)) {
                return value(data, at + HEADER.length, end);
            }
        }
        return null;
    }

    private static boolean isHeader(byte[] data, int at) {
        for (int i = 1; i < HEADER.length; i++) {
            if ((data[at + i] | 0x20) != (HEADER[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] value(byte[] data, int from, int end) {
        int start = from;
        while (start < end && (data[start] == ' ' || data[start] == '\t')) {
            start++;
        }
        int stop = start;
        while (stop < end && data[stop] > ' ' && data[stop] != ':') {
            stop++;
        }
        int length = stop - start;
        return length == 0 || length > MAX_HOST ? null : Arrays.copyOfRange(data, start, stop);
    }
}
