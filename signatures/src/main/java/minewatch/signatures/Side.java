package minewatch.signatures;

/// Who sends a message, by what is said and never by who opened the connection.
public enum Side {
    MINER,
    POOL,
    /// Peers: both sides say it.
    EITHER;

    public Side other() {
        return switch (this) {
            case MINER -> POOL;
            case POOL -> MINER;
            case EITHER -> EITHER;
        };
    }
}
