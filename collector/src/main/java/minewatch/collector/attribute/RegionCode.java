package minewatch.collector.attribute;

import java.util.Set;

/// Administrative division code of six digits: province, prefecture, county.
///
/// Source: GB/T 2260-2007. Only the province is checked against the standard: counties are merged
/// and renamed every year, and a registry may be older than a list of them.
public final class RegionCode {
    private static final Set<String> PROVINCES =
            Set.of(
                    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35",
                    "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54",
                    "61", "62", "63", "64", "65", "71", "81", "82");

    private RegionCode() {}

    /// Whether the code is six digits that begin with a province's two.
    public static boolean isValid(String code) {
        return code.length() == 6
                && code.chars().allMatch(c -> c >= '0' && c <= '9')
                && PROVINCES.contains(code.substring(0, 2));
    }
}
