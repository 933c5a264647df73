package minewatch.signatures.language;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The built-in signature files in one file that is read fast: what the build makes of them, since
/// YAML takes long to read and every command begins with it.
///
/// ```
/// pack     = count {name value}
/// value    = 0 text | 1 count {value} | 2 count {key value}
/// ```
///
/// A count is 16 bits, a name, key or text as [java.io.DataInput] has it. It keeps what the YAML
/// says of matching: nothing of where it said it, and no examples. Who needs these reads the YAML
/// files, which are in the jar as well.
public final class PreparedPack {
    private static final int SCALAR = 0;
    private static final int SEQUENCE = 1;
    private static final int MAPPING = 2;

    private PreparedPack() {}

    /// For the build.
    ///
    /// @param args the folder of YAML files; the file to write
    public static void main(String[] args) throws IOException, InvalidSignaturesException {
        Path out = Path.of(args[1]);
        Files.createDirectories(out.toAbsolutePath().getParent());
        try (Stream<Path> listed = Files.list(Path.of(args[0]));
                DataOutputStream data =
                        new DataOutputStream(
                                new BufferedOutputStream(Files.newOutputStream(out)))) {
            List<Path> files = listed.filter(PreparedPack::isSignatures).sorted().toList();
            data.writeShort(files.size());
            for (Path file : files) {
                String name = file.getFileName().toString();
                Problems problems = new Problems(name);
                Yaml.Node root = Yaml.parse(Files.readString(file), problems);
                if (root == null || !problems.found().isEmpty()) {
                    throw new InvalidSignaturesException(problems.found());
                }
                data.writeUTF(name);
                dropExamples(root);
                write(root, data);
            }
        }
    }

    private static boolean isSignatures(Path file) {
        return file.getFileName().toString().endsWith(".yaml");
    }

    private static void dropExamples(Yaml.Node file) {
        Yaml.Entry messages =
                file instanceof Yaml.Mapping top ? top.entries().get("messages") : null;
        if (messages != null && messages.value() instanceof Yaml.Mapping all) {
            for (Yaml.Entry message : all.entries().values()) {
                if (message.value() instanceof Yaml.Mapping parts) {
                    parts.entries().remove("examples");
                }
            }
        }
    }

    private static void write(Yaml.Node node, DataOutputStream data) throws IOException {
        switch (node) {
            case Yaml.Scalar scalar -> {
                data.writeByte(SCALAR);
                data.writeUTF(scalar.text());
            }
            case Yaml.Sequence sequence -> {
                data.writeByte(SEQUENCE);
                data.writeShort(sequence.items().size());
                for (Yaml.Node item : sequence.items()) {
                    write(item, data);
                }
            }
            case Yaml.Mapping mapping -> {
                data.writeByte(MAPPING);
                data.writeShort(mapping.entries().size());
                for (Map.Entry<String, Yaml.Entry> entry : mapping.entries().entrySet()) {
                    data.writeUTF(entry.getKey());
                    write(entry.getValue().value(), data);
                }
            }
        }
    }

    /// The signatures in such a file, without their examples.
    ///
    /// @throws InvalidSignaturesException if one of them is wrong
    public static List<SignatureFile> read(InputStream in)
            throws IOException, InvalidSignaturesException {
        List<SignatureFile> files = new ArrayList<>();
        try (DataInputStream data = new DataInputStream(new BufferedInputStream(in))) {
            int count = data.readUnsignedShort();
            for (int i = 0; i < count; i++) {
                Problems problems = new Problems(data.readUTF());
                files.add(SignatureReader.readWithoutExamples(problems, node(data)));
            }
        }
        return files;
    }

    private static Yaml.Node node(DataInputStream data) throws IOException {
        return switch (data.readUnsignedByte()) {
            case SCALAR -> scalar(data.readUTF());
            case SEQUENCE -> {
                List<Yaml.Node> items = new ArrayList<>();
                for (int left = data.readUnsignedShort(); left > 0; left--) {
                    items.add(node(data));
                }
                yield new Yaml.Sequence(items, 1, 1);
            }
            case MAPPING -> {
                Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
                for (int left = data.readUnsignedShort(); left > 0; left--) {
                    String key = data.readUTF();
                    entries.put(key, new Yaml.Entry(scalar(key), node(data)));
                }
                yield new Yaml.Mapping(entries, 1, 1);
            }
            default -> throw new IOException("a kind of value that is none");
        };
    }

    private static Yaml.Scalar scalar(String text) {
        return new Yaml.Scalar(text, 1, 1);
    }
}
