package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Function;
import minewatch.config.HostPort;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.sensor.uplink.Enrolment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `minewatch sensor enrol`
@Command(
        name = "enrol",
        description = "Makes this sensor's key and has its certificate issued.",
        footer = {
            "",
            "The token comes from `minewatch collector enrol --sensor ID --token`; it is good once.",
            "Writes sensor.key, which never leaves this machine, sensor.pem and ca.pem. Where another",
            "authority signs, --request makes sensor.key and sensor.csr for it.",
            "",
            "Examples:",
            "  minewatch sensor enrol --collector collector.example.net:7444 --token TOKEN \\",
            "      --out /var/lib/minewatch-sensor/tls",
            "  minewatch sensor enrol --request tap-1 --out /var/lib/minewatch-sensor"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EnrolCommand implements Callable<Integer> {
    private static final String ID = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?";

    @Spec private CommandSpec spec;

    @Option(
            names = "--collector",
            paramLabel = "HOST:PORT",
            description = "Where the collector lets sensors enrol (its enrolment.listen).")
    private @Nullable String collector;

    @Option(names = "--token", paramLabel = "TOKEN", description = "The token for this sensor.")
    private @Nullable String token;

    @Option(
            names = "--request",
            paramLabel = "ID",
            description = "Only make a key and a signing request for this sensor id.")
    private @Nullable String request;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "Folder of the files; made if absent. Nothing is overwritten.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (request != null && collector == null && token == null) {
            request(request);
        } else if (request == null && collector != null && token != null) {
            enrol(collector, token);
        } else {
            throw usage("either --collector and --token, or --request (expected: one of the two)");
        }
        return 0;
    }

    private void request(String id) throws IOException {
        if (!id.matches(ID)) {
            throw usage(
                    "--request: "
                            + id
                            + " (expected: 1 to 63 of a-z, 0-9, dot and hyphen, ends alphanumeric)");
        }
        new Enrolment(out).request(id);
        System.err.println(
                "sensor "
                        + id
                        + ": sensor.key and sensor.csr in "
                        + out
                        + "; have the request signed with SAN URI urn:minewatch:sensor:"
                        + id
                        + " and clientAuth, and put the certificate beside them as sensor.pem");
    }

    private void enrol(String where, String text) throws IOException {
        HostPort address = parse("--collector: ", where, HostPort::parse);
        EnrolmentToken parsed = parse("--", text, EnrolmentToken::parse);
        Instant until = new Enrolment(out).enrol(address, parsed);
        System.err.println(
                "sensor "
                        + parsed.sensor()
                        + ": ca.pem, sensor.pem and sensor.key in "
                        + out
                        + ", valid until "
                        + until
                        + "; set sensor.id to "
                        + parsed.sensor()
                        + ", and uplink.ca, certificate and key to these files");
    }

    private <T> T parse(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw usage(option + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
