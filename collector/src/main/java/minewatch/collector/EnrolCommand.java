package minewatch.collector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import minewatch.collector.accept.Authority;
import minewatch.collector.accept.FeedConfig;
import minewatch.collector.ledger.Database;
import minewatch.collector.ledger.LedgerTokens;
import minewatch.config.ConfigException;
import minewatch.config.HostPort;
import minewatch.feed.trust.EnrolmentToken;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Makes the files by which a sensor and this collector know each other.
@Command(
        name = "enrol",
        description = {
            "Makes the certificate a sensor needs to be let in.",
            "",
            "Writes ca.pem, sensor.pem and sensor.key; the first time, also makes the authority",
            "(ca.pem, ca.key) and the collector's own certificate.",
            "",
            "With --token prints a token instead, with which the sensor makes its key itself and",
            "has it certified: minewatch sensor enrol. Good once."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  minewatch collector enrol --sensor tap-1 --out tap-1 --host collector.example.net",
            "  minewatch collector enrol --sensor tap-2 --token --config /etc/minewatch/collector.yaml",
            "  minewatch collector enrol --sensor tap-2 --out tap-2 --config /etc/minewatch/collector.yaml"
        })
final class EnrolCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--sensor",
            required = true,
            paramLabel = "ID",
            description = "The sensor's name, as in its settings.")
    private String sensor;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the sensor's three files; made if absent.")
    private @Nullable Path out;

    @Option(
            names = "--token",
            description = "Print a token for `minewatch sensor enrol`; needs --config.")
    private boolean token;

    @Option(
            names = "--valid",
            defaultValue = "60",
            paramLabel = "MINUTES",
            description = "Minutes the token is good for, 1 to 1440 (default: 60).")
    private int validMinutes;

    @Mixin private AuthorityOptions options = new AuthorityOptions();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = {
                "Name or address sensors connect to, for the collector's certificate; may be repeated.",
                "Default: this machine's name, localhost and 127.0.0.1."
            })
    private List<String> hosts = List.of();

    @Option(
            names = "--days",
            defaultValue = "397",
            paramLabel = "N",
            description = "Days the certificates are good for, 1 to 825 (default: 397).")
    private int days;

    @Override
    public Integer call() throws ConfigException, IOException {
        if (days < 1 || days > 825) {
            throw new ParameterException(
                    spec.commandLine(), "--days: " + days + " (expected: 1 to 825)");
        }
        if (token) {
            return printToken();
        }
        if (out == null) {
            throw new ParameterException(
                    spec.commandLine(), "neither --out nor --token (expected: one of the two)");
        }
        FeedConfig.Tls tls = options.tls();
        Authority issuer = Authority.openOrCreate(options.folder(tls));
        issueCollector(issuer, tls);
        issueSensor(issuer, out);
        return Main.DONE;
    }

    /// The daemon that the settings are of signs; this only says who may come.
    private int printToken() throws ConfigException, IOException {
        if (validMinutes < 1 || validMinutes > 1440) {
            throw new ParameterException(
                    spec.commandLine(), "--valid: " + validMinutes + " (expected: 1 to 1440)");
        }
        if (out != null) {
            throw new ParameterException(
                    spec.commandLine(), "both --out and --token (expected: one of the two)");
        }
        CollectorConfig settings =
                options.settings()
                        .orElseThrow(() ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "--config: missing (expected: the collector's settings,"
                                                + " since its database keeps the token)"));
        Path folder = settings.enrolment().authority();
        HostPort listen = settings.enrolment().listen();
        if (folder == null || listen == null) {
            throw new IOException(
                    "cannot make a token: this collector lets nobody enrol; set enrolment.listen"
                            + " and enrolment.authority, and start it anew");
        }
        EnrolmentToken made;
        try {
            made = EnrolmentToken.of(sensor, Authority.caOf(folder));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        try (var database = Database.joined(settings.database().where())) {
            database.start();
            new LedgerTokens(database.dataSource())
                    .add(
                            made.sensor(),
                            EnrolmentToken.hash(made.secret()),
                            Duration.ofMinutes(validMinutes));
        }
        spec.commandLine().getOut().println(made.text());
        spec.commandLine().getOut().flush();
        spec.commandLine()
                .getErr()
                .println(
                        "minewatch: good once, for "
                                + validMinutes
                                + " minutes; on the sensor: minewatch sensor enrol --collector HOST:"
                                + listen.port()
                                + " --token TOKEN --out FOLDER");
        return Main.DONE;
    }

    private void issueCollector(Authority issuer, FeedConfig.Tls tls) throws IOException {
        if (Files.exists(tls.certificate())) {
            return;
        }
        List<String> names = hosts.isEmpty() ? thisMachine() : hosts;
        issuer.issueServer(names, Duration.ofDays(days), tls.certificate(), tls.key());
        spec.commandLine()
                .getErr()
                .println(
                        "minewatch: collector: "
                                + tls.certificate()
                                + " for "
                                + String.join(", ", names));
    }

    private void issueSensor(Authority issuer, Path out) throws IOException {
        try {
            issuer.issueSensor(
                    sensor,
                    Duration.ofDays(days),
                    out.resolve("sensor.pem"),
                    out.resolve("sensor.key"));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        Path ca = out.resolve("ca.pem");
        if (!Files.exists(ca)) {
            Files.copy(issuer.caFile(), ca);
        }
        spec.commandLine()
                .getErr()
                .println(
                        "minewatch: sensor "
                                + sensor
                                + ": ca.pem, sensor.pem, sensor.key in "
                                + out
                                + "; copy them to /etc/minewatch on the sensor");
    }

    private static List<String> thisMachine() {
        Set<String> names = new LinkedHashSet<>();
        try {
            String name = InetAddress.getLocalHost().getHostName();
            if (name.matches("[A-Za-z0-9.-]{1,253}")) {
                names.add(name);
            }
        } catch (UnknownHostException e) {
            // A machine without a name is reached by its addresses.
        }
        names.add("localhost");
        names.add("127.0.0.1");
        return List.copyOf(names);
    }
}
