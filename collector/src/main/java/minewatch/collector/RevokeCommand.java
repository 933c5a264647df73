package minewatch.collector;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import minewatch.collector.accept.Authority;
import minewatch.collector.accept.FeedConfig;
import minewatch.collector.ledger.Database;
import minewatch.collector.ledger.LedgerTokens;
import minewatch.config.ConfigException;
import minewatch.feed.trust.PeerTrust;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Takes certificates back before their time.
@Command(
        name = "revoke",
        description = {
            "Takes certificates back before their time.",
            "",
            "Writes the list of revoked certificates (CRL), signed with the authority's key. A running",
            "collector reads it within a second, ends the streams of those certificates and refuses",
            "them from then on.",
            "",
            "With --sensor and --config also ends the tokens the sensor could still enrol with."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  minewatch collector revoke --sensor tap-1 --config /etc/minewatch/collector.yaml",
            "  minewatch collector revoke --certificate stolen.pem --authority ca"
        })
final class RevokeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--sensor",
            paramLabel = "ID",
            description = "A sensor: all certificates it was issued that have not ended.")
    private @Nullable String sensor;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "A certificate in PEM form, a collector's as well; may be repeated.")
    private List<Path> files = List.of();

    @Mixin private AuthorityOptions options = new AuthorityOptions();

    @Override
    public Integer call() throws ConfigException, IOException {
        if (sensor == null && files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "nothing to revoke (expected: --sensor ID or --certificate FILE)");
        }
        FeedConfig.Tls tls = options.tls();
        Authority authority = Authority.open(options.folder(tls));
        List<X509Certificate> certificates = new ArrayList<>();
        for (Path file : files) {
            certificates.add(PeerTrust.certificates(file).getFirst());
        }
        if (!certificates.isEmpty()) {
            authority.revoke(certificates, tls.crlFile());
        }
        OptionalInt tokens = OptionalInt.of(0);
        if (sensor != null) {
            tokens = endTokens(sensor); // first: what one of them still lets in is revoked below
            boolean any = tokens.orElse(0) > 0;
            certificates.addAll(revokeSensor(authority, sensor, tls.crlFile(), any));
        }
        for (X509Certificate certificate : certificates) {
            say(
                    "revoked "
                            + certificate.getSubjectX500Principal()
                            + ", serial "
                            + certificate.getSerialNumber().toString(16));
        }
        say(
                tls.crlFile()
                        + ": the list; the collector reads it within a second where it is its"
                        + " feed.tls.crl");
        return tokens.isPresent() ? Main.DONE : Main.BAD_INPUT;
    }

    /// A database that cannot be reached must not keep certificates from being revoked.
    ///
    /// @return how many there were; empty if they may be open still, which is said
    private OptionalInt endTokens(String id) throws ConfigException {
        CollectorConfig settings = options.settings().orElse(null);
        if (settings == null || settings.enrolment().listen() == null) {
            return OptionalInt.of(0);
        }
        try (var database = Database.joined(settings.database().where())) {
            database.start();
            int ended = new LedgerTokens(database.dataSource()).close(id);
            if (ended > 0) {
                say("ended open tokens of sensor " + id + ": " + ended);
            }
            return OptionalInt.of(ended);
        } catch (IOException e) {
            say(
                    "cannot end tokens of sensor "
                            + id
                            + ", which let it in again for as long as they are good: "
                            + e.getMessage());
            return OptionalInt.empty();
        }
    }

    /// @param hadTokens whether it is enough to have ended those
    private List<X509Certificate> revokeSensor(
            Authority authority, String id, Path crl, boolean hadTokens) throws IOException {
        List<X509Certificate> found;
        try {
            found = authority.revokeSensor(id, crl);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        if (found.isEmpty() && !hadTokens) {
            throw new IOException(
                    "cannot revoke sensor "
                            + id
                            + ": this authority knows of no certificate of it that has not ended;"
                            + " name the certificate with --certificate FILE");
        }
        return found;
    }

    private void say(String line) {
        spec.commandLine().getErr().println("minewatch: " + line);
    }
}
