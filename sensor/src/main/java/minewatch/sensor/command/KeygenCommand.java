package minewatch.sensor.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.concurrent.Callable;
import minewatch.feed.release.ReleaseKeys;
import minewatch.sensor.release.DurableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `minewatch signatures keygen`
@Command(
        name = "keygen",
        description = "Makes the key pair that releases are signed with (Ed25519).",
        footer = {
            "",
            "Writes release.key (PKCS 8, mode 0600), which signs: keep it with whoever writes",
            "signatures, never on a collector. And release.pem, which verifies: give it to every sensor",
            "(releases.keys).",
            "",
            "Examples:",
            "  minewatch signatures keygen --out keys/"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class KeygenCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "Folder of the files; made if absent. Nothing is overwritten.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        Path open = out.resolve("release.pem");
        if (Files.exists(open)) {
            throw new FileAlreadyExistsException(open + ": is there already; move it away first");
        }
        KeyPair keys = ReleaseKeys.generate();
        Path secret = out.resolve("release.key");
        DurableFile.create(
                secret, ReleaseKeys.pem(keys.getPrivate()).getBytes(US_ASCII), DurableFile.SECRET);
        DurableFile.create(
                open, ReleaseKeys.pem(keys.getPublic()).getBytes(US_ASCII), DurableFile.OPEN);
        System.err.println(
                secret
                        + " signs, "
                        + open
                        + " verifies; set releases.keys on sensors to the latter");
        return 0;
    }
}
