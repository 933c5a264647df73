package minewatch.collector;

import java.nio.file.Path;
import minewatch.collector.accept.EnrolmentConfig;
import minewatch.collector.accept.FeedConfig;
import minewatch.collector.accept.ReleasesConfig;
import minewatch.collector.ledger.DatabaseConfig;
import minewatch.collector.ledger.RetentionConfig;
import minewatch.config.ConfigException;
import minewatch.config.ConfigPrinter;
import minewatch.config.ConfigReader;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import minewatch.feed.kafka.KafkaConfig;
import org.jspecify.annotations.Nullable;

/// Everything that can be set about a collector. A component is a setting, its name in kebab-case
/// the key; docs/reference/configuration-collector.md describes each.
public record CollectorConfig(
        FeedConfig feed,
        EnrolmentConfig enrolment,
        ReleasesConfig releases,
        KafkaConfig kafka,
        Web web,
        Database database,
        Ledger ledger) {
    /// @throws ConfigException with all problems of the file at once
    public static CollectorConfig load(Path file) throws ConfigException {
        return ConfigReader.read(file, CollectorConfig.class);
    }

    /// The settings in force as YAML that [#load] reads.
    public String print() {
        return ConfigPrinter.print(this);
    }

    /// Console, API, health and metrics, over plain HTTP.
    ///
    /// @param listen address and TCP port; port 0 takes any free one
    public record Web(@Setting(byDefault = "127.0.0.1:8080") HostPort listen) {}

    /// The embedded PostgreSQL, unless `url` names another.
    ///
    /// @param url `jdbc:postgresql://host:5432/database`, PostgreSQL 15 or later
    /// @param user needed with `url`
    /// @param passwordFile the first line is the password; absent if the server asks for none
    public record Database(
            Embedded embedded,
            @Setting(
                            pattern = "jdbc:postgresql:.+",
                            expected = "jdbc:postgresql://host:port/database")
                    @Nullable String url,
            @Nullable String user,
            @Nullable Path passwordFile) {
        public Database {
            if (url == null && (user != null || passwordFile != null)) {
                throw new IllegalArgumentException(
                        "database.url: absent (expected: set, where user or password-file are)");
            }
            if (url != null && user == null) {
                throw new IllegalArgumentException(
                        "database.user: absent (expected: set, where url is)");
            }
        }

        DatabaseConfig where() {
            return url == null || user == null
                    ? new DatabaseConfig.Embedded(embedded.directory(), embedded.port())
                    : new DatabaseConfig.External(url, user, passwordFile);
        }
    }

    /// What is kept, and for how long.
    public record Ledger(RetentionConfig retention) {}

    /// @param directory the server's programs and files; made if absent
    /// @param port on 127.0.0.1; 0 takes any free one
    public record Embedded(
            @Setting(byDefault = "/var/lib/minewatch-collector/postgres") Path directory,
            @Setting(byDefault = "0", min = "0", max = "65535") int port) {}
}
