package minewatch.sensor.doctor;

/// Amounts of memory for people.
final class Sizes {
    private static final long MEBI = 1 << 20;
    private static final long GIBI = 1 << 30;

    private Sizes() {}

    /// `512 MiB`, cut to whole units; GiB from ten of them on.
    static String text(long bytes) {
        return bytes >= 10 * GIBI ? bytes / GIBI + " GiB" : mebi(bytes) + " MiB";
    }

    static long mebi(long bytes) {
        return bytes / MEBI;
    }
}
