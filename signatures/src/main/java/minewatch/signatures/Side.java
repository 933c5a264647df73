package minewatch.signatures;

/// Who sends a message, by what is said and never by who opened the connection.
public enum Side {
    MINER,
    POOL;

    public Side other() {
        return this == MINER ? POOL : MINER;
    }
}
