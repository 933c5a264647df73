package minewatch.sensor.workbench;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a labelled capture must yield for one source address, or that nobody mines in it.
///
/// @param capture path below the folder of the captures
/// @param sourceIp empty where the label is about the whole capture
/// @param verdicts those accepted, by the contract's names, with [#NONE] or [#STRETCH] among them
///   where a hit is not asked for; empty where any will do
/// @param protocol empty where not stated
/// @param algorithm null where not stated
/// @param sharesAccepted null where not stated
/// @param hashrate must lie within the estimate's bounds; null where not stated
public record Label(
        String capture,
        String sourceIp,
        Set<String> verdicts,
        String protocol,
        @Nullable String algorithm,
        @Nullable Long sharesAccepted,
        @Nullable Double hashrate) {
    /// Nobody mines, or it need not be found.
    public static final String NONE = "none";

    /// An encrypted session: any hit is a success, none is not a failure.
    public static final String STRETCH = "stretch";

    boolean isStretch() {
        return verdicts.contains(STRETCH);
    }

    /// Whether the source must be found.
    public boolean isRequired() {
        return !sourceIp.isEmpty() && !verdicts.contains(NONE) && !isStretch();
    }

    boolean accepts(String verdict) {
        return verdicts.isEmpty() || isStretch() || verdicts.contains(verdict);
    }

    /// `cryptonote 10.77.1.10`
    String text() {
        String what = isStretch() ? STRETCH + " " + protocol : protocol.isEmpty() ? NONE : protocol;
        return sourceIp.isEmpty() ? what : what + " " + sourceIp;
    }
}
