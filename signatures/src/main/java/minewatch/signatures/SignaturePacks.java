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
import minewatch.signatures.compile.Examples;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.EndpointReader;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.PreparedPack;
import minewatch.signatures.language.Problem;
import minewatch.signatures.language.SignatureFile;
import minewatch.signatures.language.SignatureReader;
import org.jspecify.annotations.Nullable;

/// Where signature packs come from: the files built in, and folders of the user's own.
public final class SignaturePacks {
    /// Below a folder of the user's: its endpoint lists.
    public static final String ENDPOINTS = "endpoints";

    private static final String ROOT = "minewatch/signatures/";
    private static final String SIGNATURE_FOLDER = ROOT + "pack/";
    private static final String PREPARED_PACK = ROOT + "pack.prepared";
    private static final String ENDPOINT_FOLDER = ROOT + ENDPOINTS + "/";
    private static final String YAML = ".yaml";
    private static final String CSV = ".csv";

    /// Files of one folder.
    static final int MAX_FILES = 1_000;

    private SignaturePacks() {}

    /// The pack that comes with the program.
    public static SignaturePack builtIn() {
        try {
            return CompiledPack.of(preparedFiles(), Endpoints.of(builtInEndpoints()));
        } catch (InvalidSignaturesException e) {
            throw new IllegalStateException("broken built-in signatures: " + e.getMessage(), e);
        }
    }

    /// The built-in pack and the `*.yaml` files of `folders` (or files by themselves), in order: a
    /// file whose id is known already takes the other's place. The same with the rows of the
    /// endpoint lists in each folder's `endpoints/*.csv`.
    ///
    /// @throws InvalidSignaturesException with every problem of every file
    public static SignaturePack load(List<Path> folders)
            throws IOException, InvalidSignaturesException {
        return load(SignatureTexts.NONE, folders);
    }

    /// The same with `texts` between the two: they take the place of what is built in, and the
    /// folders the place of theirs.
    ///
    /// @throws InvalidSignaturesException with every problem of every file
    public static SignaturePack load(SignatureTexts texts, List<Path> folders)
            throws IOException, InvalidSignaturesException {
        return CompiledPack.of(
                files(preparedFiles(), texts, folders), Endpoints.of(endpoints(texts, folders)));
    }

    /// The revision of what [#load] makes of these folders: the same for the same files.
    ///
    /// @throws IOException if a folder cannot be read
    public static String revision(List<Path> folders) throws IOException {
        return revision(SignatureTexts.NONE, folders);
    }

    /// The same with `texts` before the folders.
    ///
    /// @throws IOException if a folder cannot be read
    public static String revision(SignatureTexts texts, List<Path> folders) throws IOException {
        var revision = new PackRevision();
        revision.add(builtInTexts(SIGNATURE_FOLDER, YAML));
        revision.add(builtInTexts(ENDPOINT_FOLDER, CSV));
        revision.add(texts.signatures());
        revision.add(texts.endpoints());
        for (Path folder : folders) {
            SignatureTexts own = texts(folder);
            revision.add(own.signatures());
            revision.add(own.endpoints());
        }
        return revision.text();
    }

    /// What [#load] reads of a folder, unchecked.
    ///
    /// @throws IOException if a file cannot be read, or is no text
    public static SignatureTexts texts(Path folder) throws IOException {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> signatures = texts(signatureFiles(folder, problems), problems);
        Path lists = folder.resolve(ENDPOINTS);
        Map<String, String> endpoints =
                Files.isDirectory(lists)
                        ? texts(filesIn(lists, CSV, problems), problems)
                        : Map.of();
        if (!problems.isEmpty()) {
            throw new IOException(problems.getFirst().toString());
        }
        return new SignatureTexts(folder.toString(), signatures, endpoints);
    }

    /// Every problem of these texts, their examples included.
    public static List<Problem> lint(SignatureTexts texts) {
        List<Problem> problems = new ArrayList<>();
        for (SignatureFile file : read(texts, problems)) {
            problems.addAll(Examples.failures(file));
        }
        readEndpoints(texts, new ArrayList<>(), problems);
        return problems;
    }

    private static Map<String, String> texts(List<Path> files, List<Problem> problems) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : files) {
            String text = ForeignFile.text(file, EndpointReader.MAX_BYTES, problems);
            if (text != null) {
                texts.put(String.valueOf(file.getFileName()), text);
            }
        }
        return texts;
    }

    /// The files [#load] compiles, one an id, read anew with the lines of their examples.
    public static List<SignatureFile> files(List<Path> folders)
            throws IOException, InvalidSignaturesException {
        return files(builtInFiles(), SignatureTexts.NONE, folders);
    }

    private static List<SignatureFile> files(
            List<SignatureFile> builtIn, SignatureTexts texts, List<Path> folders)
            throws IOException, InvalidSignaturesException {
        Map<String, SignatureFile> byId = new LinkedHashMap<>();
        builtIn.forEach(file -> byId.put(file.id(), file));
        List<Problem> problems = new ArrayList<>();
        read(texts, problems).forEach(file -> byId.put(file.id(), file));
        for (Path folder : folders) {
            for (Path path : signatureFiles(folder, problems)) {
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

    /// The endpoints [#load] compiles: those built in, then those of the folders.
    public static List<Endpoint> endpoints(List<Path> folders)
            throws IOException, InvalidSignaturesException {
        return endpoints(SignatureTexts.NONE, folders);
    }

    private static List<Endpoint> endpoints(SignatureTexts texts, List<Path> folders)
            throws IOException, InvalidSignaturesException {
        List<Endpoint> endpoints = new ArrayList<>(builtInEndpoints());
        List<Problem> problems = new ArrayList<>();
        readEndpoints(texts, endpoints, problems);
        for (Path folder : folders) {
            Path lists = folder.resolve(ENDPOINTS);
            if (Files.isDirectory(lists)) {
                for (Path path : filesIn(lists, CSV, problems)) {
                    readEndpoints(path, endpoints, problems);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSignaturesException(problems);
        }
        return endpoints;
    }

    private static void readEndpoints(Path path, List<Endpoint> endpoints, List<Problem> problems) {
        String text = ForeignFile.text(path, EndpointReader.MAX_BYTES, problems);
        if (text != null) {
            readEndpoints(path.toString(), text, endpoints, problems);
        }
    }

    private static void readEndpoints(
            SignatureTexts texts, List<Endpoint> endpoints, List<Problem> problems) {
        texts.endpoints()
                .forEach(
                        (name, text) -> readEndpoints(texts.name(name), text, endpoints, problems));
    }

    private static void readEndpoints(
            String name, String text, List<Endpoint> endpoints, List<Problem> problems) {
        try {
            endpoints.addAll(EndpointReader.read(name, text));
        } catch (InvalidSignaturesException e) {
            problems.addAll(e.problems());
        }
    }

    /// The `*.yaml` files in a folder, not in folders below it; of a file itself.
    private static List<Path> signatureFiles(Path place, List<Problem> problems)
            throws IOException {
        return Files.exists(place) && !Files.isDirectory(place)
                ? List.of(place)
                : filesIn(place, YAML, problems);
    }

    private static List<Path> filesIn(Path folder, String suffix, List<Problem> problems)
            throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> found =
                    entries.filter(path -> path.toString().endsWith(suffix))
                            .limit(MAX_FILES + 1)
                            .sorted()
                            .toList();
            if (found.size() <= MAX_FILES) {
                return found;
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        String rule = "at most " + MAX_FILES;
        problems.add(new Problem(folder.toString(), 1, 1, "folder", "more files", rule));
        return List.of();
    }

    private static @Nullable SignatureFile read(Path path, List<Problem> problems) {
        String text = ForeignFile.text(path, SignatureReader.MAX_BYTES, problems);
        return text == null ? null : read(path.toString(), text, problems);
    }

    private static List<SignatureFile> read(SignatureTexts texts, List<Problem> problems) {
        List<SignatureFile> files = new ArrayList<>();
        texts.signatures()
                .forEach((name, text) -> {
                    SignatureFile file = read(texts.name(name), text, problems);
                    if (file != null) {
                        files.add(file);
                    }
                });
        return files;
    }

    private static @Nullable SignatureFile read(String name, String text, List<Problem> problems) {
        try {
            return SignatureReader.read(name, text);
        } catch (InvalidSignaturesException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    /// What the build made of the YAML files; these themselves where an editor's build made
    /// nothing.
    private static List<SignatureFile> preparedFiles() throws InvalidSignaturesException {
        try (InputStream in =
                SignaturePacks.class.getClassLoader().getResourceAsStream(PREPARED_PACK)) {
            return in == null ? builtInFiles() : PreparedPack.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SignatureFile> builtInFiles() throws InvalidSignaturesException {
        List<SignatureFile> files = new ArrayList<>();
        for (Map.Entry<String, String> file : builtInTexts(SIGNATURE_FOLDER, YAML).entrySet()) {
            files.add(SignatureReader.read(file.getKey(), file.getValue()));
        }
        return files;
    }

    private static List<Endpoint> builtInEndpoints() throws InvalidSignaturesException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Map.Entry<String, String> file : builtInTexts(ENDPOINT_FOLDER, CSV).entrySet()) {
            endpoints.addAll(EndpointReader.read(file.getKey(), file.getValue()));
        }
        return endpoints;
    }

    /// The texts of a resource folder by file name.
    private static Map<String, String> builtInTexts(String folder, String suffix) {
        Map<String, String> texts = new LinkedHashMap<>();
        ClassLoader loader = SignaturePacks.class.getClassLoader();
        try {
            for (String name : builtInNames(loader, folder, suffix)) {
                try (InputStream in = loader.getResourceAsStream(folder + name)) {
                    if (in == null) {
                        throw new IOException("cannot read resource " + folder + name);
                    }
                    texts.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /// Lists a resource folder, in the jar or on disk, so that a new signature is one new file.
    private static List<String> builtInNames(ClassLoader loader, String folder, String suffix)
            throws IOException {
        URL url = loader.getResource(folder);
        if (url == null) {
            throw new IOException("cannot find resource folder " + folder);
        }
        if (url.openConnection() instanceof JarURLConnection connection) {
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                return jar.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(folder) && name.endsWith(suffix))
                        .map(name -> name.substring(folder.length()))
                        .sorted()
                        .toList();
            }
        }
        try {
            return filesIn(Path.of(url.toURI()), suffix, new ArrayList<>()).stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
