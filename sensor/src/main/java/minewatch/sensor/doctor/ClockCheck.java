package minewatch.sensor.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minewatch.config.HostPort;
import minewatch.sensor.uplink.ClockOffset;
import org.jspecify.annotations.Nullable;

/// Whether this machine knows the time: hits are joined with registries and NAT logs by it, and
/// certificates are judged by it.
final class ClockCheck {
    private static final Duration TOLERATED = Duration.ofSeconds(1);
    private static final String SYNCHRONISE = "timedatectl set-ntp true, or systemctl start chrony";

    private ClockCheck() {}

    static List<Diagnosis> examine(Machine machine, @Nullable HostPort ntpServer)
            throws InterruptedException {
        List<Diagnosis> diagnoses = new ArrayList<>();
        diagnoses.add(kernel(machine));
        if (ntpServer != null) {
            diagnoses.add(offset(ntpServer));
        }
        return diagnoses;
    }

    private static Diagnosis kernel(Machine machine) throws InterruptedException {
        Optional<String> told =
                machine.ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
                        .filter(answer -> answer.exitCode() == 0)
                        .map(answer -> answer.out().strip());
        boolean bySystemd =
                Files.exists(machine.root().resolve("run/systemd/timesync/synchronized"));
        if (bySystemd || told.filter("yes"::equals).isPresent()) {
            return Diagnosis.ok(Check.CLOCK, "the clock is synchronised");
        }
        if (told.filter("no"::equals).isPresent()) {
            return Diagnosis.warning(Check.CLOCK, "the clock is not synchronised", SYNCHRONISE);
        }
        return Diagnosis.warning(
                Check.CLOCK,
                "not told whether the clock is synchronised: timedatectl does not say",
                "chronyc tracking, or ntpq -p; clock.ntp-server measures it");
    }

    private static Diagnosis offset(HostPort server) {
        try {
            Duration offset = ClockOffset.ask(server);
            String found =
                    server + " is " + offset.toMillis() + " ms ahead of this machine's clock";
            return offset.abs().compareTo(TOLERATED) > 0
                    ? Diagnosis.warning(Check.CLOCK, found, SYNCHRONISE)
                    : Diagnosis.ok(Check.CLOCK, found);
        } catch (IOException e) {
            return Diagnosis.warning(
                    Check.CLOCK,
                    "cannot ask NTP server " + server + ": " + e.getMessage(),
                    "ntpdate -q "
                            + server.host()
                            + ", and check clock.ntp-server and UDP port "
                            + server.port());
        }
    }
}
