package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import minewatch.config.ConfigException;
import minewatch.config.SettingsText;
import minewatch.feed.release.ReleaseException;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;
import minewatch.sensor.release.DurableFile;
import minewatch.sensor.release.ReleaseLoader;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.SignatureTexts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `minewatch signatures sign`
@Command(
        name = "sign",
        description =
                "Signs signature files, endpoint lists and settings as a release for sensors.",
        footer = {
            "",
            "What would not load on a sensor is not signed. A release takes the place of the one before",
            "as a whole. Put the file into the folder that releases.directory names on the collector.",
            "",
            "Examples:",
            "  minewatch signatures sign my-signatures/ --key keys/release.key --number 7 --out 7.release",
            "  minewatch signatures sign my-signatures/ --settings sensors.yaml --sensor tap-1 --sensor tap-2 \\",
            "      --key keys/release.key --number 8 --out 8.release",
            "  minewatch signatures sign --empty --key keys/release.key --number 9 --out 9.release",
            "",
            "Exit codes: 0 signed; 1 problems were found, and nothing was signed; 2 wrong usage."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SignCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Folder of signature files, and of endpoint lists in its endpoints/.")
    private @Nullable Path directory;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "The key that signs (PEM, PKCS 8, Ed25519).")
    private Path key = Path.of("");

    @Option(
            names = "--number",
            paramLabel = "N",
            required = true,
            description = "Number of the release; sensors take only a higher one than they have.")
    private long number;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where to write it; not overwritten. Name it *.release.")
    private Path out = Path.of("");

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Settings for the sensors (YAML), of those that may come by a release.")
    private @Nullable Path settings;

    @Option(
            names = "--sensor",
            paramLabel = "ID",
            description = "A sensor it is for; may be repeated (default: all).")
    private List<String> sensors = List.of();

    @Option(
            names = "--empty",
            description = "Without signatures and settings: takes back what releases brought.")
    private boolean empty;

    @Override
    public Integer call() throws IOException, ConfigException {
        if (empty == (directory != null || settings != null)) {
            throw usage("neither or both of DIR or --settings, and --empty (expected: one)");
        }
        if (Files.exists(out)) {
            throw new FileAlreadyExistsException(out + ": is there already; move it away first");
        }
        PrivateKey signer = ReleaseKeys.privateKey(key);
        Release release = release();
        try {
            byte[] file = ReleaseFile.sign(release, signer);
            ReleaseLoader.lint(release);
            DurableFile.create(out, file, DurableFile.OPEN);
        } catch (ReleaseException e) {
            System.err.println("release " + number + " " + e.getMessage());
            return 1;
        }
        System.err.println(out + ": release " + number + ", " + Files.size(out) + " bytes");
        return 0;
    }

    private Release release() throws IOException, ConfigException {
        SignatureTexts texts =
                directory == null ? SignatureTexts.NONE : SignaturePacks.texts(directory);
        if (directory != null && texts.signatures().isEmpty() && texts.endpoints().isEmpty()) {
            throw usage(directory + ": no files (expected: *.yaml, or endpoints/*.csv)");
        }
        Release.Builder release =
                Release.newBuilder()
                        .setNumber(number)
                        .setCreatedSeconds(Instant.now().getEpochSecond())
                        .addAllSensors(sensors)
                        .addAllSignatures(files(texts.signatures()))
                        .addAllEndpoints(files(texts.endpoints()));
        if (settings != null) {
            release.setSettings(SettingsText.of(settings).yaml());
        }
        return release.build();
    }

    private static List<ReleasedFile> files(Map<String, String> texts) {
        return texts.entrySet().stream()
                .map(e ->
                        ReleasedFile.newBuilder().setName(e.getKey()).setText(e.getValue()).build())
                .toList();
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
