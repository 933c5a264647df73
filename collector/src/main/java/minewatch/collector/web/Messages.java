package minewatch.collector.web;

import java.text.MessageFormat;
import java.util.ResourceBundle;

/// The words of one language, by key. A missing key is a bug and throws `MissingResourceException`.
final class Messages {
    static final String BUNDLE = "minewatch.collector.web.messages";

    private final Language language;
    private final ResourceBundle words;

    Messages(Language language) {
        this.language = language;
        this.words =
                ResourceBundle.getBundle(
                        BUNDLE,
                        language.locale(),
                        ResourceBundle.Control.getNoFallbackControl(
                                ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    Language language() {
        return language;
    }

    /// @param arguments fill `{0}`, `{1}` … by the rules of [MessageFormat]
    String text(String key, Object... arguments) {
        String pattern = words.getString(key);
        return arguments.length == 0
                ? pattern
                : new MessageFormat(pattern, language.locale()).format(arguments);
    }

    boolean has(String key) {
        return words.containsKey(key);
    }
}
