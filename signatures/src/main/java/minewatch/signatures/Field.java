package minewatch.signatures;

import java.util.Locale;

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
    /// How many shares a message answers, where it may be more than one.
    SHARES,
    /// Whether earlier jobs are void: a new block was found.
    CLEAN,
    /// The pool's part of the coinbase, hexadecimal; with the eleven that follow, what it takes to
    /// hash a share of the Bitcoin family again.
    EXTRANONCE1,
    /// The miner's part of the coinbase.
    EXTRANONCE2,
    /// Hash of the block before, as `mining.notify` writes it.
    PREVIOUS_HASH,
    /// The coinbase transaction before the extranonces.
    COINBASE1,
    /// The coinbase transaction after them.
    COINBASE2,
    /// The merkle path of the coinbase, an array.
    BRANCHES,
    /// Block version.
    VERSION,
    /// The network's target, as a block header has it.
    BITS,
    /// Block time of a share.
    TIME,
    /// Nonce of a share.
    NONCE,
    /// Bits of the version that the miner rolled.
    VERSION_BITS,
    /// Which bits of the version the miner may roll.
    VERSION_MASK;

    /// As a signature file writes it: `version-mask`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
