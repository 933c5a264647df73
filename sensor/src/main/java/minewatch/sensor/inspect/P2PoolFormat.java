package minewatch.sensor.inspect;

/// The handshake of P2Pool's peers, one direction, and what may follow it. Integers are
/// little-endian.
///
/// ```
/// 00 challenge(8) peer id(8)   01 hash(32) salt(8)   02 port(4)   03 block id(32)   04, 05, 08 length(4) block
/// 06 (peers, please)           07 count(1) count × 19                               09 block id(32)
/// ```
///
/// Most of these are only a byte that says what follows, so they are read in the order a peer must
/// send them: challenge, solution, port, and the request of the newest block, whose id is zeros.
///
/// Source: SChernykh/p2pool, src/p2p_server.h and p2p_server.cpp.
final class P2PoolFormat implements FrameFormat {
    private static final int CHALLENGE = 0;
    private static final int SOLUTION = 1;
    private static final int LISTEN_PORT = 2;
    private static final int BLOCK_REQUEST = 3;
    private static final int PAST = 4;
    private static final int CHALLENGE_LENGTH = 17;
    private static final int SOLUTION_LENGTH = 41;
    private static final int PORT_LENGTH = 5;
    private static final int REQUEST_LENGTH = 33;

    private final MessageFramer.Handler handler;
    private int stage; // what may come next

    /// @param fromStart whether the flow was seen from its first segment on
    P2PoolFormat(MessageFramer.Handler handler, boolean fromStart) {
        this.handler = handler;
        this.stage = fromStart ? CHALLENGE : PAST;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        if (stage == CHALLENGE) {
            long challenge = data[at] == CHALLENGE ? measureChallenge(data, at, to) : NONE;
            stage = challenge == NONE ? PAST : stage; // it is the first thing said, or never
            return challenge;
        }
        int length = to - at;
        return switch (data[at]) {
            case SOLUTION -> stage == SOLUTION ? whole(SOLUTION_LENGTH, length) : NONE;
            case LISTEN_PORT -> measurePort(data, at, to);
            case BLOCK_REQUEST ->
                    stage != BLOCK_REQUEST || !Wire.isZero(data, at + 1, Math.min(to, at + 33))
                            ? NONE
                            : whole(REQUEST_LENGTH, length);
            default -> NONE;
        };
    }

    /// Alone, or with the solution behind it.
    private static long measureChallenge(byte[] data, int at, int to) {
        int length = to - at;
        if (length < CHALLENGE_LENGTH) {
            return MORE;
        }
        boolean alone = length == CHALLENGE_LENGTH;
        boolean solved =
                length >= CHALLENGE_LENGTH + SOLUTION_LENGTH
                        && data[at + CHALLENGE_LENGTH] == SOLUTION;
        return (alone || solved) && Wire.distinct(data, at + 1, at + CHALLENGE_LENGTH) >= 13
                ? CHALLENGE_LENGTH
                : NONE;
    }

    /// After a solution; or with the request of the newest block behind it, whatever was before.
    private long measurePort(byte[] data, int at, int to) {
        int length = to - at;
        if (length < PORT_LENGTH) {
            return stage == LISTEN_PORT ? MORE : NONE;
        }
        if (Wire.u16Little(data, at + 3) != 0 || Wire.u16Little(data, at + 1) == 0) {
            return NONE;
        }
        boolean request =
                length >= PORT_LENGTH + REQUEST_LENGTH
                        && data[at + PORT_LENGTH] == BLOCK_REQUEST
                        && Wire.isZero(
                                data, at + PORT_LENGTH + 1, at + PORT_LENGTH + REQUEST_LENGTH);
        return stage == LISTEN_PORT || request ? PORT_LENGTH : NONE;
    }

    private static long whole(int wanted, int length) {
        return length < wanted ? MORE : wanted;
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return (int) length;
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        stage = data[at] + 1;
        Rendering frame =
                switch (data[at]) {
                    case CHALLENGE -> new Rendering("p2pool", "challenge");
                    case SOLUTION -> new Rendering("p2pool", "solution");
                    case LISTEN_PORT ->
                            new Rendering("p2pool", "listen-port")
                                    .number("port", Wire.u16Little(data, at + 1));
                    default -> new Rendering("p2pool", "newest-block-request");
                };
        frame.deliver(handler, timeNanos);
    }

    @Override
    public void onGap() {
        if (stage == SOLUTION || stage == LISTEN_PORT) {
            stage = PAST;
        }
    }
}
