package minewatch.sensor.inspect;

/// What the sizes of both directions of an opaque connection say of Stratum V2 in Noise, shared by
/// the two readers. Nothing is told before both sides have kept to the grammar.
///
/// ```
/// miner  64            setup ≥ 55      channel 79 to 336   62 (standard) or 63 to 95 (extended) a share, 78
/// pool       234 (170)           44                 ≥ 83    58 an answer, 74 target, 83 or 87 job, 86 previous hash
/// ```
///
/// Each message is 22 bytes of header and its payload with 16 bytes of MAC, and leaves in a write
/// of its own. BIP 324 (Bitcoin's encrypted transport) also begins with 64 random bytes; it has 0
/// to 4095 bytes of garbage after them, both sides speak first, and no answer of 44 bytes comes
/// third.
///
/// Source: Stratum V2 specification 04-Protocol-Security, 05-Mining-Protocol; BIP 324.
final class NoiseSizes {
    static final int FIRST_OF_MINER = 64;
    static final int FIRST_OF_POOL = 234;
    static final int FIRST_OF_POOL_SHORT = 170;
    private static final int MIN_SETUP = 55;
    private static final int MAX_SETUP = 400;
    private static final int SETUP_SUCCESS = 44;
    private static final int MIN_CHANNEL = 79;
    private static final int MAX_CHANNEL = 336;
    private static final int MIN_OPENED = 83;
    private static final int MIN_SHARE = 62;
    private static final int MAX_SHARE = 95;
    private static final int UPDATE_CHANNEL = 78;
    private static final int ANSWER = 58;
    private static final int MAX_BATCH = 4; // shares or answers of equal size in one segment

    /// Shares or answers from which on one half alone says something.
    static final int HALF_RUN = 8;

    private int minerMessages;
    private int poolMessages;
    private int setupSize;
    private int shareSize;
    private int runOfMiner;
    private int runOfPool;
    private boolean handshakeTold;
    private boolean channelTold;
    private boolean refuted;

    /// Whether a side broke the grammar before it was proven: it is something else.
    boolean isRefuted() {
        return refuted;
    }

    /// The miner's side sent one segment.
    void onMiner(int size, MessageFramer.Handler handler, long timeNanos) {
        switch (minerMessages) {
            case 0 -> check(size == FIRST_OF_MINER);
            case 1 -> {
                check(size >= MIN_SETUP && size <= MAX_SETUP);
                setupSize = size;
            }
            case 2 -> check(size >= MIN_CHANNEL && size <= MAX_CHANNEL);
            default -> onShare(size, handler, timeNanos);
        }
        minerMessages++;
    }

    /// The pool's side sent one segment.
    void onPool(int size, MessageFramer.Handler handler, long timeNanos) {
        switch (poolMessages) {
            case 0 -> check(size == FIRST_OF_POOL || size == FIRST_OF_POOL_SHORT);
            case 1 -> check(size == SETUP_SUCCESS);
            case 2 -> check(size >= MIN_OPENED);
            default -> onAnswer(size, handler, timeNanos);
        }
        poolMessages++;
        tellHandshake(handler, timeNanos);
    }

    private void check(boolean fits) {
        refuted |= !fits && !handshakeTold;
    }

    /// Told by the pool, whose answer settles it.
    private void tellHandshake(MessageFramer.Handler handler, long timeNanos) {
        if (refuted || minerMessages < 2 || poolMessages < 2) {
            return;
        }
        if (!handshakeTold) {
            handshakeTold = true;
            new Rendering("noise", "handshake")
                    .number("setup", setupSize)
                    .deliver(handler, timeNanos);
        }
        if (!channelTold && minerMessages > 2 && poolMessages > 2) {
            channelTold = true;
            new Rendering("noise", "channel").deliver(handler, timeNanos);
        }
    }

    private void onShare(int size, MessageFramer.Handler handler, long timeNanos) {
        if (shareSize == 0 && isShare(size)) {
            shareSize = size;
        }
        boolean share = shareSize > 0 && size % shareSize == 0 && size / shareSize <= MAX_BATCH;
        if (share || size == UPDATE_CHANNEL) {
            runOfMiner += share ? 1 : 0;
        } else {
            runOfMiner = 0;
        }
        tell("share", share, runOfMiner, poolMessages == 0, "miner-half", handler, timeNanos);
    }

    private void onAnswer(int size, MessageFramer.Handler handler, long timeNanos) {
        boolean answer = size % ANSWER == 0 && size / ANSWER <= MAX_BATCH;
        boolean job = size == 74 || size == 83 || size == 86 || size == 87 || size >= 120;
        if (answer || job) {
            runOfPool += answer ? 1 : 0;
        } else {
            runOfPool = 0;
        }
        tell("answer", answer, runOfPool, minerMessages == 0, "pool-half", handler, timeNanos);
    }

    /// Shares and answers are told once the handshake is; with one half only, a run of them.
    private void tell(
            String kind,
            boolean fits,
            int run,
            boolean otherUnseen,
            String half,
            MessageFramer.Handler handler,
            long timeNanos) {
        if (handshakeTold) {
            new Rendering("noise", fits ? kind : "other").deliver(handler, timeNanos);
        } else if (otherUnseen && !refuted && run == HALF_RUN) {
            new Rendering("noise", half).number("run", run).deliver(handler, timeNanos);
        }
    }

    private static boolean isShare(int size) {
        return size >= MIN_SHARE && size <= MAX_SHARE && size != UPDATE_CHANNEL;
    }
}
