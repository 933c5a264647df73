package minewatch.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the demo ships: captures of real miners and of harmless look-alikes, and a registry of
/// invented enterprises. `captures.txt` names the captures, each a folder of `cases/`.
final class Samples {
    private Samples() {}

    /// Writes the captures into a folder.
    static void writeCaptures(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : captures()) {
            copy("captures/" + name + "/input.pcap", folder.resolve(name + ".pcap"));
        }
    }

    static List<String> captures() throws IOException {
        try (InputStream in = open("captures.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    static void writeRegistry(Path file) throws IOException {
        copy("registry.csv", file);
    }

    private static void copy(String resource, Path target) throws IOException {
        try (InputStream in = open(resource)) {
            Files.copy(in, target);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Samples.class.getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException("resource " + resource + " is not in the program");
        }
        return in;
    }
}
