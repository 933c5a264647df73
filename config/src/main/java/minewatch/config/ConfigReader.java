package minewatch.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a settings file into records ([Setting] says how they are declared). Unknown and repeated
/// keys, missing settings and values outside their rule are all collected and reported together.
///
/// Relative paths in a file count from the file's own folder.
public final class ConfigReader {
    private ConfigReader() {}

    /// @throws ConfigException if the file cannot be read or anything in it is wrong
    public static <T extends Record> T read(Path file, Class<T> type) throws ConfigException {
        return parse(SettingsText.of(file), type);
    }

    /// @param name what to call the text in messages
    /// @param folder where relative paths count from; null: they stay as they are
    public static <T extends Record> T parse(
            String name, String yaml, @Nullable Path folder, Class<T> type) throws ConfigException {
        return parse(new SettingsText(name, yaml, folder), type);
    }

    /// @throws ConfigException if anything in the text is wrong
    public static <T extends Record> T parse(SettingsText text, Class<T> type)
            throws ConfigException {
        Node root = YamlTree.parse(text.name(), text.yaml());
        return new RecordBinder(text.name(), text.folder()).bind(root, type);
    }

    /// The settings of `text`, and where it says nothing those of `further`. All count as if they
    /// stood in `text`, whose name problems bear.
    ///
    /// @throws ConfigException if anything in the two is wrong, or wrong together
    public static <T extends Record> T parse(SettingsText text, SettingsText further, Class<T> type)
            throws ConfigException {
        Node root = YamlTree.parse(text.name(), text.yaml());
        Node rest = YamlTree.parse(further.name(), further.yaml());
        return new RecordBinder(text.name(), text.folder()).bind(join(root, rest), type);
    }

    private static Node join(Node node, Node further) {
        if (node instanceof Node.Nothing) {
            return further;
        }
        if (!(node instanceof Node.Section section) || !(further instanceof Node.Section rest)) {
            return node;
        }
        List<Node.Entry> entries = new ArrayList<>();
        for (Node.Entry entry : section.entries()) {
            Node same = find(rest, entry.key());
            Node value = same == null ? entry.value() : join(entry.value(), same);
            entries.add(new Node.Entry(entry.line(), entry.key(), value));
        }
        for (Node.Entry entry : rest.entries()) {
            if (find(section, entry.key()) == null) {
                entries.add(entry);
            }
        }
        return new Node.Section(section.line(), entries);
    }

    private static @Nullable Node find(Node.Section section, String key) {
        for (Node.Entry entry : section.entries()) {
            if (entry.key().equals(key)) {
                return entry.value();
            }
        }
        return null;
    }
}
