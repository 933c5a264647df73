package minewatch.collector.ledger;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// The PostgreSQL server programs, unpacked once from the jar that carries them.
///
/// Unpacking is done in Java: a bare container has `tar` but often no `xz`, and a collector that
/// starts on one machine and not on the next costs more than two small libraries.
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final long MAX_BYTES = 512L << 20; // unpacked; the real archive has 60 MB

    private PostgresBinaries() {}

    /// Version of the packed server, `18.6.0`.
    static String version() throws IOException {
        try (InputStream in =
                PostgresBinaries.class.getResourceAsStream("postgresql-binaries.properties")) {
            if (in == null) {
                throw new IOException("postgresql-binaries.properties is missing from the jar");
            }
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        }
    }

    /// Unpacks into `directory/binaries-<version>` unless that is there already.
    ///
    /// The folder appears by one rename, so a half-unpacked one is never mistaken for a whole.
    ///
    /// @return the folder that holds `bin`, `lib` and `share`
    static Path unpack(Path directory) throws IOException {
        Path home = directory.resolve("binaries-" + version());
        if (Files.isDirectory(home)) {
            return home;
        }
        Path partial = directory.resolve(home.getFileName() + ".partial");
        deleteTree(partial);
        Files.createDirectories(partial);
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(ARCHIVE)) {
            if (packed == null) {
                throw new IOException(
                        "no PostgreSQL for this machine (only Linux on x86-64 is packed);"
                                + " set database.url to a server of your own");
            }
            unpack(packed, partial);
        }
        try {
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(partial, home);
        }
        return home;
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        long left = MAX_BYTES;
        try (var tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new BufferedInputStream(packed, 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                left -= entry.getSize();
                if (left < 0) {
                    throw new IOException("PostgreSQL archive unpacks to more than 512 MB");
                }
                unpack(tar, entry, target);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
            throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("PostgreSQL archive names a file outside itself");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Path link = Path.of(entry.getLinkName());
            if (!path.resolveSibling(link).normalize().startsWith(target)) {
                throw new IOException("PostgreSQL archive links to a file outside itself");
            }
            Files.createSymbolicLink(path, link);
            return;
        }
        Files.copy(tar, path);
        if ((entry.getMode() & 0100) != 0) {
            Set<PosixFilePermission> permissions =
                    EnumSet.copyOf(Files.getPosixFilePermissions(path));
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(path, permissions);
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
