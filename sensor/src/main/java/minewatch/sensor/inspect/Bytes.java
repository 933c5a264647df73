package minewatch.sensor.inspect;

/// Looks at ASCII in byte arrays without making strings.
final class Bytes {
    private Bytes() {}

    static boolean startsWith(byte[] data, int at, int to, String ascii) {
        if (to - at < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (data[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Whether `data[at, to)` is shorter than `ascii` and begins like it.
    static boolean isPrefix(byte[] data, int at, int to, String ascii) {
        if (to - at >= ascii.length()) {
            return false;
        }
        for (int i = 0; at + i < to; i++) {
            if (data[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// @param lowerCase what to look for, in lower case
    static boolean containsIgnoreCase(byte[] data, int at, int to, String lowerCase) {
        for (int i = at; i + lowerCase.length() <= to; i++) {
            int k = 0;
            while (k < lowerCase.length() && lower(data[i + k]) == lowerCase.charAt(k)) {
                k++;
            }
            if (k == lowerCase.length()) {
                return true;
            }
        }
        return false;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }
}
