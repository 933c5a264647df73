package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.feed.release.ReleaseException;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;
import minewatch.sensor.release.ReleaseLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `minewatch signatures verify`
@Command(
        name = "verify",
        description = "Verifies a release as a sensor does, and prints what it holds.",
        footer = {
            "",
            "Examples:",
            "  minewatch signatures verify 7.release --key keys/release.pem",
            "",
            "Exit codes: 0 a sensor with this key would take it; 1 it would not; 2 wrong usage."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The release.")
    private Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "A key it may be signed with (PEM, public); may be repeated.")
    private List<Path> keys = List.of();

    @Override
    public Integer call() throws IOException {
        try {
            byte[] bytes = ReleaseFile.bytes(file);
            Release release = ReleaseFile.verify(bytes, ReleaseKeys.publicKeys(keys));
            print(release);
            ReleaseLoader.lint(release);
            return 0;
        } catch (ReleaseException e) {
            System.err.println(file + " " + e.getMessage());
            return 1;
        }
    }

    private static void print(Release release) {
        System.out.println(
                "release "
                        + release.getNumber()
                        + ", made "
                        + Instant.ofEpochSecond(release.getCreatedSeconds()));
        System.out.println("sensors: " + orElse(release.getSensorsList(), "all"));
        System.out.println("signatures: " + orElse(names(release.getSignaturesList()), "none"));
        System.out.println("endpoints: " + orElse(names(release.getEndpointsList()), "none"));
        System.out.println("settings:" + (release.getSettings().isBlank() ? " none" : ""));
        release.getSettings()
                .lines()
                .forEach(line -> System.out.println("  " + line.replaceAll("\\p{Cntrl}", "?")));
    }

    private static List<String> names(List<ReleasedFile> files) {
        return files.stream().map(ReleasedFile::getName).toList();
    }

    private static String orElse(List<String> names, String none) {
        return names.isEmpty() ? none : String.join(", ", names);
    }
}
