package minewatch.sensor.flow;

/// The state word of a flow entry.
///
/// ```
/// bit 0       the flow is TCP
/// bit 1       its originator is the endpoint that sorts first
/// bit 2, 3    FIN seen from the originator, from the responder
/// bit 4       RST seen
/// bit 5       its first packet was a SYN
/// bit 6       an end of it is known to the next room
/// bit 8-15    payload packets that met the gate, saturating
/// bit 16-23   sessions given up, saturating
/// bit 24      payload seen
/// bit 25      a payload began like TLS or SSH
/// ```
final class FlowState {
    static final int TCP = 1;
    static final int ORIGINATOR_IS_LOWER = 1 << 1;
    static final int FIN_ORIGINATOR = 1 << 2;
    static final int FIN_RESPONDER = 1 << 3;
    static final int RST = 1 << 4;
    static final int HANDSHAKE = 1 << 5;

    static final int KNOWN_END = 1 << 6;
    static final int DATA = 1 << 24;
    static final int ENCRYPTED = 1 << 25;

    private static final int FIN_BOTH = FIN_ORIGINATOR | FIN_RESPONDER;
    private static final int TESTED_SHIFT = 8;
    private static final int GIVEN_UP_SHIFT = 16;
    private static final int COUNTER = 0xFF;

    private FlowState() {}

    static boolean isTcp(int state) {
        return (state & TCP) != 0;
    }

    static boolean isEnded(int state) {
        return (state & RST) != 0 || (state & FIN_BOTH) == FIN_BOTH;
    }

    static boolean isKnownEnd(int state) {
        return (state & KNOWN_END) != 0;
    }

    static int fin(boolean fromOriginator) {
        return fromOriginator ? FIN_ORIGINATOR : FIN_RESPONDER;
    }

    static int tested(int state) {
        return state >>> TESTED_SHIFT & COUNTER;
    }

    static int addTested(int state) {
        return tested(state) == COUNTER ? state : state + (1 << TESTED_SHIFT);
    }

    static int givenUp(int state) {
        return state >>> GIVEN_UP_SHIFT & COUNTER;
    }

    static int addGivenUp(int state) {
        return givenUp(state) == COUNTER ? state : state + (1 << GIVEN_UP_SHIFT);
    }
}
