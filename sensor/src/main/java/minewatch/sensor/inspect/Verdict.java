package minewatch.sensor.inspect;

/// What the evidence of one dialogue amounts to; weakest first.
public enum Verdict {
    NONE,
    POSSIBLE,
    PROBABLE,
    /// Protocol proof, and the miner is a web page.
    BROWSER,
    /// Protocol proof: at least two independent fields or directions agree.
    MINER
}
