package minewatch.collector.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import minewatch.feed.trust.PeerTrust;

/// What an authority has issued to sensors, so that it can be revoked by a sensor's name: in the
/// folder, `ID/SERIAL.pem`, until the certificate ends or is revoked.
final class IssuedCertificates {
    private final Path folder;

    IssuedCertificates(Path folder) {
        this.folder = folder;
    }

    /// Before the certificate leaves the authority. Forgets those of the same sensor that ended.
    void add(String sensor, X509Certificate certificate, String pem) throws IOException {
        Path own = Files.createDirectories(folder.resolve(sensor));
        for (Path file : files(own)) {
            if (hasEnded(read(file))) {
                Files.delete(file);
            }
        }
        Files.writeString(
                own.resolve(certificate.getSerialNumber().toString(16) + ".pem"), pem, US_ASCII);
    }

    /// Those of a sensor that have not ended.
    List<X509Certificate> of(String sensor) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        for (Path file : files(folder.resolve(sensor))) {
            X509Certificate certificate = read(file);
            if (!hasEnded(certificate)) {
                found.add(certificate);
            }
        }
        return found;
    }

    /// Once they are revoked there is nothing more to do about them.
    void forget(String sensor) throws IOException {
        for (Path file : files(folder.resolve(sensor))) {
            Files.delete(file);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pem")).sorted().toList();
        }
    }

    private static X509Certificate read(Path file) throws IOException {
        return PeerTrust.certificates(file).getFirst();
    }

    private static boolean hasEnded(X509Certificate certificate) {
        return Instant.now().isAfter(certificate.getNotAfter().toInstant());
    }
}
