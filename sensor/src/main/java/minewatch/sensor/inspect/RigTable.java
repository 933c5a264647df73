package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// What a farm's gateway and its pool say of the rigs behind one connection, shared by the readers
/// of both directions: the difficulty of each session id, and of the latest shares, for the replies
/// that name a share by its number.
///
/// - **Memory:** pages of 256 session ids, at most 64 KiB, and 1 KiB of shares, out of the
///   [BufferBudget]; a rig that finds no room has no difficulty of its own.
final class RigTable {
    static final int UNKNOWN = -1;
    private static final int PAGE = 256;
    private static final int SHARES = 1024;

    private final BufferBudget budget;
    private byte @Nullable [] @Nullable [] pages; // exponent + 1; 0: unknown
    private byte @Nullable [] shares;
    private long shareCount;
    private boolean numbered;

    /// @param numbered whether the first share was seen, so that all numbers are known
    RigTable(BufferBudget budget, boolean numbered) {
        this.budget = budget;
        this.numbered = numbered;
    }

    /// @param session 0 to 65535
    /// @param exponent of 2, 0 to 62
    void learn(int session, int exponent) {
        byte[][] all = pages;
        if (all == null) {
            all = new byte[PAGE][];
            pages = all;
        }
        byte[] page = all[session >> 8];
        if (page == null) {
            if (!budget.reserve(PAGE)) {
                return;
            }
            page = new byte[PAGE];
            all[session >> 8] = page;
        }
        page[session & 0xFF] = (byte) (exponent + 1);
    }

    void forget(int session) {
        byte[] page = pages == null ? null : pages[session >> 8];
        if (page != null) {
            page[session & 0xFF] = 0;
        }
    }

    /// @return the exponent, or [#UNKNOWN]
    int exponent(int session) {
        byte[] page = pages == null ? null : pages[session >> 8];
        return page == null ? UNKNOWN : page[session & 0xFF] - 1;
    }

    /// The next share was sent.
    void onShare(int exponent) {
        if (!numbered) {
            return;
        }
        byte[] ring = shares;
        if (ring == null) {
            if (!budget.reserve(SHARES)) {
                numbered = false;
                return;
            }
            ring = new byte[SHARES];
            shares = ring;
        }
        ring[(int) shareCount++ & SHARES - 1] = (byte) (exponent + 1);
    }

    /// @param number of a share, 0 for the first, modulo 2^16
    /// @return the exponent, or [#UNKNOWN]
    int exponentOfShare(int number) {
        byte[] ring = shares;
        int age = (int) (shareCount - 1 - number) & 0xFFFF;
        if (ring == null || age >= Math.min(shareCount, SHARES)) {
            return UNKNOWN;
        }
        return ring[(int) (shareCount - 1 - age) & SHARES - 1] - 1;
    }

    /// Shares may be missing: their numbers are no longer known.
    void onGap() {
        numbered = false;
        giveBackShares();
    }

    void release() {
        giveBackShares();
        byte[][] all = pages;
        if (all != null) {
            for (byte[] page : all) {
                budget.release(page == null ? 0 : PAGE);
            }
            pages = null;
        }
    }

    private void giveBackShares() {
        if (shares != null) {
            budget.release(SHARES);
            shares = null;
        }
    }
}
