package minewatch.collector.accept;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The sensor a client certificate names: its SAN URI `urn:minewatch:sensor:ID`.
final class SensorIdentity {
    static final String URI_PREFIX = "urn:minewatch:sensor:";
    private static final int SAN_URI = 6; // RFC 5280 §4.2.1.6, uniformResourceIdentifier
    private static final String ID = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?";

    private SensorIdentity() {}

    /// Whether a sensor may have this name.
    static boolean isId(String text) {
        return text.matches(ID);
    }

    /// @throws IllegalArgumentException if a sensor cannot have this name
    static void requireId(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "sensor: "
                            + id
                            + " (expected: 1 to 63 of a-z, 0-9, dot and hyphen, ends alphanumeric)");
        }
    }

    /// Empty if it names no sensor, or several.
    static Optional<String> of(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            List<String> ids =
                    names.stream()
                            .filter(name -> name.getFirst().equals(SAN_URI))
                            .map(name -> String.valueOf(name.get(1)))
                            .filter(uri -> uri.startsWith(URI_PREFIX))
                            .map(uri -> uri.substring(URI_PREFIX.length()))
                            .toList();
            return ids.size() == 1 && isId(ids.getFirst())
                    ? Optional.of(ids.getFirst())
                    : Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
