package minewatch.config;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a settings file.
///
/// @param file the file as the user named it
/// @param line from 1; 0 where the fault is something missing
/// @param name the setting's full path, such as `flow.idle-timeout`; null for a fault of syntax
/// @param detail what was found and what was expected
public record Problem(String file, int line, @Nullable String name, String detail) {
    /// `file:line: name: value (expected: rule)`.
    @Override
    public String toString() {
        return file
                + (line > 0 ? ":" + line : "")
                + ": "
                + (name == null ? "" : name + ": ")
                + detail;
    }
}
