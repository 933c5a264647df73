package minewatch.collector.attribute;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// An enterprise at one address, as a registry states it.
///
/// @param enterprise registered name
/// @param creditCode unified social credit code (GB 32100-2015), 18 characters; null if unknown
/// @param regionCode GB/T 2260, six digits; null if unknown
/// @param address street address; null if unknown
public record Holder(
        String enterprise,
        @Nullable String creditCode,
        @Nullable String regionCode,
        @Nullable String address) {

    /// Two registries mean the same enterprise if their credit codes agree, or, where one of them
    /// has none, their names.
    public boolean isSameEnterprise(Holder other) {
        if (equals(other)) {
            return true; // for each hit: without putting names side by side
        }
        if (creditCode != null && other.creditCode != null) {
            return creditCode.equals(other.creditCode);
        }
        return plainName(enterprise).equals(plainName(other.enterprise));
    }

    /// A name as it is compared: full-width and half-width forms are the same, blanks do not count.
    private static String plainName(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC).replaceAll("\\s+", "");
    }

    /// What tells this enterprise at this address from every other: stable as long as the registry
    /// spells its code, or else its name, and its address alike.
    public String key() {
        String who = creditCode != null ? creditCode : plainName(enterprise);
        return who + "|" + (address == null ? "" : plainName(address));
    }
}
