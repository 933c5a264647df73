package minewatch.collector;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.collector.accept.Authority;
import minewatch.collector.accept.FeedConfig;
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
            "them from then on."
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
        if (sensor != null) {
            certificates.addAll(revokeSensor(authority, sensor, tls.crlFile()));
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
        return Main.DONE;
    }

    private List<X509Certificate> revokeSensor(Authority authority, String id, Path crl)
            throws IOException {
        List<X509Certificate> found;
        try {
            found = authority.revokeSensor(id, crl);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        if (found.isEmpty()) {
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
