package minewatch.signatures;

/// What a message does in a mining dialogue. The sensor keeps its share accounts by these and knows
/// nothing of any one dialect.
public enum Act {
    /// Opens the dialogue: subscription, protocol choice.
    SUBSCRIBE,
    /// Names the account or worker.
    LOGIN,
    /// Sets the difficulty or target of the jobs that follow.
    DIFFICULTY,
    /// Hands out work; may carry its own target.
    JOB,
    /// Hands in a share.
    SHARE,
    /// The pool took a share.
    ACCEPTED,
    /// The pool refused a share.
    REJECTED,
    /// The miner states its own hashrate.
    HASHRATE,
    /// Anything else that belongs to the dialect.
    OTHER
}
