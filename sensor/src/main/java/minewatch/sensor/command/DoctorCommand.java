package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.config.ConfigException;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.doctor.Diagnosis;
import minewatch.sensor.doctor.Diagnosis.Outcome;
import minewatch.sensor.doctor.Doctor;
import minewatch.sensor.doctor.Machine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `minewatch doctor`: what would stop this machine from doing a sensor's job?
@Command(
        name = "doctor",
        description =
                "Says what would stop this machine from doing a sensor's job, and what to do about"
                        + " each.",
        footer = {
            "",
            "It has the rights of who runs it: run it as the sensor's user. It changes nothing.",
            "",
            "Examples:",
            "  minewatch doctor",
            "  minewatch doctor --config /etc/minewatch/sensor.yaml",
            "  minewatch doctor --config /etc/minewatch/sensor.yaml --format json",
            "",
            "Exit codes: 0 all is well, or warnings only; 1 something would stop the job; 2 wrong"
                    + " usage or settings; 3 internal failure."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DoctorCommand implements Callable<Integer> {
    enum Format {
        table,
        json
    }

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A sensor's settings (YAML). Without, only what needs none is looked at.")
    private @Nullable Path config;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        SensorConfig settings = config == null ? null : SensorConfig.load(config);
        List<Diagnosis> diagnoses = new Doctor(Machine.here()).examine(settings);
        DiagnosisPrinter printer = new DiagnosisPrinter(diagnoses);
        System.out.print(
                switch (format) {
                    case table -> printer.table(Progress.isTerminal());
                    case json -> printer.json();
                });
        System.out.flush();
        if (format == Format.table) {
            System.err.println(printer.summary());
        }
        if (settings == null) {
            System.err.println(
                    "capture, offloads, spool, certificates, collector and outputs need --config FILE");
        }
        return printer.worst() == Outcome.FAILURE ? 1 : 0;
    }
}
