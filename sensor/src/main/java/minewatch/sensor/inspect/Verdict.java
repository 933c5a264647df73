package minewatch.sensor.inspect;

/// What the evidence of one dialogue amounts to; weakest first.
public enum Verdict {
    NONE,
    /// Protocol proof of a coin's peer; not mining by itself.
    NODE,
    POSSIBLE,
    PROBABLE,
    /// Protocol proof, and the miner is a web page.
    BROWSER,
    /// Protocol proof, and the miners are others behind it.
    RELAY,
    /// Protocol proof: at least two independent fields or directions agree.
    MINER
}
