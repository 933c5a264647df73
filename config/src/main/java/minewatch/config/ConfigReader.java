package minewatch.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a settings file into records ([Setting] says how they are declared). Unknown and repeated
/// keys, missing settings and values outside their rule are all collected and reported together.
///
/// Relative paths in a file count from the file's own folder.
public final class ConfigReader {
    private static final long LONGEST = 1 << 20; // bytes

    private ConfigReader() {}

    /// @throws ConfigException if the file cannot be read or anything in it is wrong
    public static <T extends Record> T read(Path file, Class<T> type) throws ConfigException {
        Path folder = file.toAbsolutePath().getParent();
        return parse(file.toString(), text(file), folder, type);
    }

    /// @param name what to call the text in messages
    /// @param folder where relative paths count from; null: they stay as they are
    public static <T extends Record> T parse(
            String name, String yaml, @Nullable Path folder, Class<T> type) throws ConfigException {
        Node root = YamlTree.parse(name, yaml);
        return new RecordBinder(name, folder).bind(root, type);
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
