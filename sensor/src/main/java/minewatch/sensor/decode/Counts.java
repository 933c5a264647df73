package minewatch.sensor.decode;

/// One counter for each constant of an enum.
final class Counts<E extends Enum<E>> {
    private final long[] values;

    Counts(Class<E> kinds) {
        values = new long[kinds.getEnumConstants().length];
    }

    @SuppressWarnings("EnumOrdinal") // an index in memory, never stored
    void add(E kind) {
        values[kind.ordinal()]++;
    }

    @SuppressWarnings("EnumOrdinal")
    long get(E kind) {
        return values[kind.ordinal()];
    }
}
