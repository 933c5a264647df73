package minewatch.collector;

import java.nio.file.Path;
import java.util.Optional;
import minewatch.collector.accept.FeedConfig;
import minewatch.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command finds the authority and the collector's own files.
final class AuthorityOptions {
    private static final Path DEFAULT_FOLDER = Path.of("/etc/minewatch");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The collector's settings; its feed.tls says where its files are.")
    private @Nullable Path config;

    @Option(
            names = "--authority",
            paramLabel = "DIR",
            description =
                    "Folder of ca.pem and ca.key; default: enrolment.authority, else where feed.tls.ca is.")
    private @Nullable Path authority;

    /// The collector's settings, if they are named.
    Optional<CollectorConfig> settings() throws ConfigException {
        return config == null ? Optional.empty() : Optional.of(CollectorConfig.load(config));
    }

    /// The collector's files, as its settings name them; without settings, those in the folder.
    FeedConfig.Tls tls() throws ConfigException {
        if (config != null) {
            return CollectorConfig.load(config).feed().tls();
        }
        Path folder = authority != null ? authority : DEFAULT_FOLDER;
        return new FeedConfig.Tls(
                folder.resolve("ca.pem"),
                folder.resolve("collector.pem"),
                folder.resolve("collector.key"),
                null);
    }

    /// The authority's folder.
    Path folder(FeedConfig.Tls tls) throws ConfigException {
        if (authority != null) {
            return authority;
        }
        Path signing = settings().map(all -> all.enrolment().authority()).orElse(null);
        return signing != null ? signing : tls.ca().resolveSibling("");
    }
}
