package minewatch.collector.accept;

import java.nio.file.Path;
import java.time.Duration;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import org.jspecify.annotations.Nullable;

/// How sensors come to certificates over the network. Off unless an authority is named: the
/// authority's key is then on the collector.
///
/// @param listen where sensors enrol by token; none: nowhere
/// @param authority folder of `ca.pem` and `ca.key`; with it, certificates are also renewed
/// @param certificateLife of the certificates issued so
public record EnrolmentConfig(
        @Nullable HostPort listen,
        @Nullable Path authority,
        @Setting(byDefault = "45d", min = "1h", max = "825d") Duration certificateLife) {
    public EnrolmentConfig {
        if (listen != null && authority == null) {
            throw new IllegalArgumentException(
                    "enrolment.authority: absent (expected: set, where enrolment.listen is)");
        }
    }
}
