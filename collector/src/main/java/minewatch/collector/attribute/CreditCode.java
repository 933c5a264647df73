package minewatch.collector.attribute;

import java.util.regex.Pattern;

/// The unified social credit code (统一社会信用代码): 18 characters, the last one a check character.
///
/// Source: GB 32100-2015 §5; weights 3^(i-1) mod 31.
public final class CreditCode {
    private static final String ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"; // no I O S V Z
    private static final Pattern SHAPE =
            Pattern.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}");

    private CreditCode() {}

    /// Whether the code has the right shape and its check character is right.
    public static boolean isValid(String code) {
        return SHAPE.matcher(code).matches() && checkCharacter(code) == code.charAt(17);
    }

    /// The check character of a code's first 17 characters, all of the standard's alphabet.
    static char checkCharacter(String code) {
        int sum = 0;
        int weight = 1;
        for (int i = 0; i < 17; i++) {
            sum += ALPHABET.indexOf(code.charAt(i)) * weight;
            weight = weight * 3 % 31;
        }
        return ALPHABET.charAt((31 - sum % 31) % 31);
    }
}
