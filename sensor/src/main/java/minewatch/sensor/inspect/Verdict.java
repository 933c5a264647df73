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
    MINER;

    /// 0 to 1, the logistic function of the log-odds; no more than goes with the strongest verdict
    /// that is allowed.
    ///
    /// @param evidence log-odds, without the prior
    public static double confidence(double evidence, Verdict most) {
        double confidence = 1 / (1 + Math.exp(-Score.PRIOR - evidence));
        return switch (most) {
            case POSSIBLE -> Math.min(confidence, Math.nextDown(Score.PROBABLE));
            case PROBABLE -> Math.min(confidence, Math.nextDown(Score.PROOF));
            case NONE, NODE, BROWSER, RELAY, MINER -> confidence;
        };
    }

    /// What evidence that is no proof amounts to.
    public static Verdict of(double evidence, Verdict most) {
        double confidence = confidence(evidence, most);
        return confidence >= Score.PROBABLE
                ? PROBABLE
                : confidence >= Score.POSSIBLE ? POSSIBLE : NONE;
    }
}
