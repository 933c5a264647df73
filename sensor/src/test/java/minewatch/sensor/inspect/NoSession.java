package minewatch.sensor.inspect;

/// Of a dialogue that belongs to no flow; nobody asks it.
final class NoSession implements SessionView {
    @Override
    public long originatorHigh() {
        return 0;
    }

    @Override
    public long originatorLow() {
        return 0;
    }

    @Override
    public int originatorPort() {
        return 0;
    }

    @Override
    public long responderHigh() {
        return 0;
    }

    @Override
    public long responderLow() {
        return 0;
    }

    @Override
    public int responderPort() {
        return 0;
    }
}
