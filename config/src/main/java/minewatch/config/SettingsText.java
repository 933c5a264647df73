package minewatch.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Settings as they are written, not yet held to any rule.
///
/// @param name what to call the text in messages
/// @param folder where relative paths count from; null: they stay as they are
public record SettingsText(String name, String yaml, @Nullable Path folder) {
    private static final long LONGEST = 1 << 20; // bytes

    /// @throws ConfigException if the file cannot be read
    public static SettingsText of(Path file) throws ConfigException {
        return new SettingsText(file.toString(), text(file), file.toAbsolutePath().getParent());
    }

    /// @param names the only settings that may be here, by their full names
    /// @throws ConfigException if there is another, or a section without any of them
    public void requireOnly(Set<String> names) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        others(YamlTree.parse(name, yaml), "", names, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private void others(Node node, String path, Set<String> names, List<Problem> problems) {
        if (names.contains(path)) {
            return;
        }
        boolean above =
                path.isEmpty() || names.stream().anyMatch(name -> name.startsWith(path + "."));
        if (above && node instanceof Node.Section section) {
            for (Node.Entry entry : section.entries()) {
                String name = path.isEmpty() ? entry.key() : path + "." + entry.key();
                others(entry.value(), name, names, problems);
            }
        } else if (!above || !(node instanceof Node.Nothing)) {
            String expected = String.join(", ", names.stream().sorted().toList());
            problems.add(
                    new Problem(
                            name,
                            node.line(),
                            path.isEmpty() ? null : path,
                            "may not be set here (expected: " + expected + ")"));
        }
    }

    private static String text(Path file) throws ConfigException {
        try {
            if (Files.size(file) > LONGEST) {
                throw unreadable(file, Files.size(file) + " bytes (expected: at most 1MiB)");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "no such file (expected: a YAML file)");
        } catch (MalformedInputException e) {
            throw unreadable(file, "not UTF-8 (expected: a YAML file in UTF-8)");
        } catch (IOException e) {
            throw unreadable(file, "cannot read: " + e.getMessage());
        }
    }

    private static ConfigException unreadable(Path file, String detail) {
        return new ConfigException(List.of(new Problem(file.toString(), 0, null, detail)));
    }
}
