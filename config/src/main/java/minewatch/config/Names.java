package minewatch.config;

import java.lang.reflect.RecordComponent;
import java.util.Locale;

/// Java names ↔ the names in a file: `idleTimeout` is `idle-timeout`, `MATCHED_ONLY` is
/// `matched-only`.
final class Names {
    private Names() {}

    static String key(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        return setting == null || setting.key().isEmpty()
                ? kebab(component.getName())
                : setting.key();
    }

    private static String kebab(String component) {
        var key = new StringBuilder();
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (Character.isUpperCase(c)) {
                key.append('-');
            }
            key.append(Character.toLowerCase(c));
        }
        return key.toString();
    }

    static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
