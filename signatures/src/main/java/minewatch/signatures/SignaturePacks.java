package minewatch.signatures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.Problem;
import minewatch.signatures.language.SignatureFile;
import minewatch.signatures.language.SignatureReader;
import org.jspecify.annotations.Nullable;

/// Where signature packs come from: the files built in, and folders of the user's own.
public final class SignaturePacks {
    private static final String FOLDER = "minewatch/signatures/pack/";
    private static final String SUFFIX = ".yaml";

    private SignaturePacks() {}

    /// The pack that comes with the program.
    public static SignaturePack builtIn() {
        try {
            return CompiledPack.of(builtInFiles());
        } catch (InvalidSignaturesException e) {
            throw new IllegalStateException("broken built-in signatures: " + e.getMessage(), e);
        }
    }

    /// The built-in pack and the `*.yaml` files of `folders`, in order: a file whose id is known
    /// already takes the other's place.
    ///
    /// @throws InvalidSignaturesException with every problem of every file
    public static SignaturePack load(List<Path> folders)
            throws IOException, InvalidSignaturesException {
        return CompiledPack.of(files(folders));
    }

    /// The files [#load] compiles, one an id.
    public static List<SignatureFile> files(List<Path> folders)
            throws IOException, InvalidSignaturesException {
        Map<String, SignatureFile> byId = new LinkedHashMap<>();
        builtInFiles().forEach(file -> byId.put(file.id(), file));
        List<Problem> problems = new ArrayList<>();
        for (Path folder : folders) {
            for (Path path : yamlFiles(folder)) {
                SignatureFile file = read(path, problems);
                if (file != null) {
                    byId.put(file.id(), file);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSignaturesException(problems);
        }
        return List.copyOf(byId.values());
    }

    private static List<Path> yamlFiles(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    private static @Nullable SignatureFile read(Path path, List<Problem> problems)
            throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(SignatureReader.MAX_BYTES + 1);
        }
        try {
            return SignatureReader.read(path.toString(), new String(bytes, StandardCharsets.UTF_8));
        } catch (InvalidSignaturesException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    private static List<SignatureFile> builtInFiles() throws InvalidSignaturesException {
        List<SignatureFile> files = new ArrayList<>();
        ClassLoader loader = SignaturePacks.class.getClassLoader();
        try {
            for (String name : builtInNames(loader)) {
                try (InputStream in = loader.getResourceAsStream(FOLDER + name)) {
                    if (in == null) {
                        throw new IOException("cannot read resource " + FOLDER + name);
                    }
                    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    files.add(SignatureReader.read(name, text));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /// Lists the resource folder, in the jar or on disk, so that a new signature is one new file.
    private static List<String> builtInNames(ClassLoader loader) throws IOException {
        URL url = loader.getResource(FOLDER);
        if (url == null) {
            throw new IOException("cannot find resource folder " + FOLDER);
        }
        if (url.openConnection() instanceof JarURLConnection connection) {
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                return jar.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(FOLDER) && name.endsWith(SUFFIX))
                        .map(name -> name.substring(FOLDER.length()))
                        .sorted()
                        .toList();
            }
        }
        try {
            return yamlFiles(Path.of(url.toURI())).stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
