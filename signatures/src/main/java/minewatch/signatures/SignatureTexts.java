package minewatch.signatures;

import java.util.Map;

/// Signature files and endpoint lists that are not in a folder.
///
/// @param place what to call it in messages
/// @param signatures texts by file name, in their order
/// @param endpoints the same of endpoint lists
public record SignatureTexts(
        String place, Map<String, String> signatures, Map<String, String> endpoints) {
    public static final SignatureTexts NONE = new SignatureTexts("nowhere", Map.of(), Map.of());

    /// What a message calls one of the files.
    String name(String file) {
        return place + "/" + file;
    }
}
