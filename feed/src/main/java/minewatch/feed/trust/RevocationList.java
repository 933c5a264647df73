package minewatch.feed.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The certificates that authorities took back before their time, from a file of one or more CRLs.
/// The file is read again whenever it has changed.
///
/// A file that cannot be read or that no authority signed is told of, and the list that was good
/// stays in force: a mistake must not let anybody in again. So does a list past its next update,
/// since those who are on it stay revoked.
///
/// Source: RFC 5280 §5.
public final class RevocationList {
    private static final long LONGEST = 32 << 20; // bytes; a million entries

    private final @Nullable Path file;
    private final boolean required;
    private final List<X509Certificate> authorities;
    private final Consumer<String> trouble;
    private List<X509CRL> lists = List.of();
    private @Nullable Stamp read;

    /// What a file was when it was read; another one when it is replaced or written to.
    private record Stamp(FileTime modified, long bytes, @Nullable Object key) {}

    private RevocationList(
            @Nullable Path file,
            boolean required,
            Collection<X509Certificate> authorities,
            Consumer<String> trouble) {
        this.file = file;
        this.required = required;
        this.authorities = List.copyOf(authorities);
        this.trouble = trouble;
    }

    /// Nobody is revoked.
    public static RevocationList none() {
        return new RevocationList(null, false, List.of(), _ -> {});
    }

    /// @param authorities whose lists count
    /// @param trouble told in words why a changed file is not used
    /// @throws IOException if there is a file that cannot be used
    public static RevocationList ifThere(
            Path file, Collection<X509Certificate> authorities, Consumer<String> trouble)
            throws IOException {
        return open(file, false, authorities, trouble);
    }

    /// @throws IOException if the file cannot be used, or is not there
    public static RevocationList of(
            Path file, Collection<X509Certificate> authorities, Consumer<String> trouble)
            throws IOException {
        return open(file, true, authorities, trouble);
    }

    private static RevocationList open(
            Path file,
            boolean required,
            Collection<X509Certificate> authorities,
            Consumer<String> trouble)
            throws IOException {
        var list = new RevocationList(file, required, authorities, trouble);
        list.read(file);
        return list;
    }

    /// What a file lists, for the authority that signed it.
    ///
    /// @throws IOException if the file cannot be used, or another authority signed it
    public static List<X509CRLEntry> entries(Path file, X509Certificate authority)
            throws IOException {
        List<X509CRLEntry> entries = new ArrayList<>();
        for (X509CRL list : of(file, List.of(authority), _ -> {}).lists) {
            Set<? extends X509CRLEntry> listed = list.getRevokedCertificates();
            if (listed != null) {
                entries.addAll(listed);
            }
        }
        return entries;
    }

    /// When a certificate was revoked; empty if it was not.
    public synchronized Optional<Instant> revokedAt(X509Certificate certificate) {
        refresh();
        return lists.stream()
                .filter(list ->
                        list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal()))
                .map(list -> list.getRevokedCertificate(certificate.getSerialNumber()))
                .filter(entry -> entry != null)
                .map(X509CRLEntry::getRevocationDate)
                .map(Date::toInstant)
                .findFirst();
    }

    private void refresh() {
        if (file == null) {
            return;
        }
        try {
            read(file);
        } catch (IOException e) {
            trouble.accept(e.getMessage() + "; the list that was read last stays in force");
        }
    }

    private void read(Path from) throws IOException {
        Stamp now = stamp(from);
        if (now == null) {
            if (required || read != null) {
                throw new IOException(from + ": no such file (expected: a CRL)");
            }
            return;
        }
        if (now.equals(read)) {
            return;
        }
        lists = parse(from, now);
        read = now;
    }

    private static @Nullable Stamp stamp(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read (expected: a CRL): " + e, e);
        }
    }

    private List<X509CRL> parse(Path from, Stamp stamp) throws IOException {
        if (stamp.bytes() > LONGEST) {
            throw new IOException(
                    from + ": " + stamp.bytes() + " bytes (expected: a CRL of at most 32 MiB)");
        }
        try (var in = new ByteArrayInputStream(Files.readAllBytes(from))) {
            List<X509CRL> found = new ArrayList<>();
            for (CRL list : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
                if (list instanceof X509CRL x509) {
                    requireSigned(from, x509);
                    found.add(x509);
                }
            }
            if (found.isEmpty()) {
                throw new IOException(from + ": holds no CRL (expected: one in PEM or DER form)");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new IOException(from + ": is no CRL: " + e.getMessage(), e);
        }
    }

    private void requireSigned(Path from, X509CRL list) throws IOException {
        for (X509Certificate authority : authorities) {
            if (authority.getSubjectX500Principal().equals(list.getIssuerX500Principal())
                    && isSignedBy(authority, list)) {
                return;
            }
        }
        throw new IOException(
                from
                        + ": is signed by none of the authorities in use (issuer: "
                        + list.getIssuerX500Principal()
                        + ")");
    }

    private static boolean isSignedBy(X509Certificate authority, X509CRL list) {
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
