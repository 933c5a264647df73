package minewatch.signatures;

/// What a message tells besides its type. A signature says where each is found.
public enum Field {
    /// Software name and version as the miner states it.
    AGENT,
    /// Account, wallet or `account.worker` as sent; the part after the first dot names the worker.
    ACCOUNT,
    /// Worker or rig name where it stands apart from the account.
    WORKER,
    /// Pool difficulty, a number.
    DIFFICULTY,
    /// Target, hexadecimal; its reading is the dialect's [WorkRule.TargetForm].
    TARGET,
    /// Job id.
    JOB,
    /// Algorithm name as stated on the wire.
    ALGORITHM,
    /// Hashrate as stated by the miner, hex or number, hashes per second.
    HASHRATE,
    /// Block height.
    HEIGHT,
    /// Whether earlier jobs are void: a new block was found.
    CLEAN
}
