package minewatch.collector.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a command is run without root's rights: PostgreSQL refuses to be root, and is right.
///
/// Where the collector itself is root (a container), the server runs in a user namespace of its own
/// (`unshare -U`: it then is nobody, with root's files but none of its powers), or, where the
/// kernel forbids those, as the first of the users `minewatch` and `postgres` that exists.
final class Unprivileged {
    private static final List<String> USERS = List.of("minewatch", "postgres");

    private final List<String> prefix;
    private final Optional<String> user;

    private Unprivileged(List<String> prefix, Optional<String> user) {
        this.prefix = prefix;
        this.user = user;
    }

    /// @throws IOException if this process is root and there is no way to stop being it
    static Unprivileged find() throws IOException {
        if (!"0".equals(output("id", "-u").orElse("0"))) {
            return new Unprivileged(List.of(), Optional.empty());
        }
        if (output("unshare", "-U", "true").isPresent()) {
            return new Unprivileged(List.of("unshare", "-U"), Optional.empty());
        }
        for (String user : USERS) {
            if (output("id", "-u", user).isEmpty()) {
                continue;
            }
            if (output("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "true")
                    .isPresent()) {
                return new Unprivileged(
                        List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"),
                        Optional.of(user));
            }
            if (output("runuser", "-u", user, "--", "true").isPresent()) {
                return new Unprivileged(List.of("runuser", "-u", user, "--"), Optional.of(user));
            }
        }
        throw new IOException(
                "cannot run PostgreSQL as root: user namespaces are off (unshare -U) and there is"
                        + " no user minewatch; create one (useradd --system minewatch), or start the"
                        + " collector as an ordinary user, or set database.url to a server of your own");
    }

    List<String> command(List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /// Gives a tree to the user the commands run as, and lets that user reach it.
    void own(Path root) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        var owner =
                root.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(user.get());
        try (var paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                if (!Files.isSymbolicLink(path)) {
                    Files.setOwner(path, owner);
                }
            }
        }
        for (Path up = root.toAbsolutePath().getParent(); up != null; up = up.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(up);
            if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new IOException(
                        "user "
                                + user.get()
                                + " cannot reach "
                                + root
                                + ": "
                                + up
                                + " is closed to others; chmod o+x it, or choose another"
                                + " database.embedded.directory");
            }
        }
    }

    /// Standard output of a command that succeeded; empty if it failed or is not installed.
    private static Optional<String> output(String... command) throws IOException {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readNBytes(4096), UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command[0], e);
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }
}
