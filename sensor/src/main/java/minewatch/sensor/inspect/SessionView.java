package minewatch.sensor.inspect;

/// The ends of one suspect flow. Addresses as in [minewatch.sensor.decode.PacketView].
public interface SessionView {
    long originatorHigh();

    long originatorLow();

    int originatorPort();

    long responderHigh();

    long responderLow();

    int responderPort();
}
