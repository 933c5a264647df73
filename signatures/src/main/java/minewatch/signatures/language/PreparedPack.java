package minewatch.signatures.language;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The built-in signature files as one JSON document, an object of file names: what the build makes
/// of them, since YAML takes long to read and every command begins with it.
///
/// The JSON keeps what the YAML says and nothing of where it said it, so messages about a place in
/// a file come from the YAML files, which are in the jar as well.
public final class PreparedPack {
    private static final JsonFactory JSON = new JsonFactory();

    private PreparedPack() {}

    /// For the build.
    ///
    /// @param args the folder of YAML files; the file to write
    public static void main(String[] args) throws IOException, InvalidSignaturesException {
        Path out = Path.of(args[1]);
        Files.createDirectories(out.toAbsolutePath().getParent());
        try (Stream<Path> files = Files.list(Path.of(args[0]));
                JsonGenerator json = JSON.createGenerator(out.toFile(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            for (Path file : files.filter(PreparedPack::isSignatures).sorted().toList()) {
                String name = file.getFileName().toString();
                Problems problems = new Problems(name);
                Yaml.Node root = Yaml.parse(Files.readString(file), problems);
                if (root == null || !problems.found().isEmpty()) {
                    throw new InvalidSignaturesException(problems.found());
                }
                json.writeFieldName(name);
                write(root, json);
            }
            json.writeEndObject();
        }
    }

    private static boolean isSignatures(Path file) {
        return file.getFileName().toString().endsWith(".yaml");
    }

    private static void write(Yaml.Node node, JsonGenerator json) throws IOException {
        switch (node) {
            case Yaml.Scalar scalar -> json.writeString(scalar.text());
            case Yaml.Sequence sequence -> {
                json.writeStartArray();
                for (Yaml.Node item : sequence.items()) {
                    write(item, json);
                }
                json.writeEndArray();
            }
            case Yaml.Mapping mapping -> {
                json.writeStartObject();
                for (Map.Entry<String, Yaml.Entry> entry : mapping.entries().entrySet()) {
                    json.writeFieldName(entry.getKey());
                    write(entry.getValue().value(), json);
                }
                json.writeEndObject();
            }
        }
    }

    /// The signatures in such a document.
    ///
    /// @throws InvalidSignaturesException if one of them is wrong
    public static List<SignatureFile> read(InputStream in)
            throws IOException, InvalidSignaturesException {
        List<SignatureFile> files = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(in)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Problems problems = new Problems(parser.currentName());
                parser.nextToken();
                files.add(SignatureReader.read(problems, Yaml.read(parser, problems)));
            }
        }
        return files;
    }
}
