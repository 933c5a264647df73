package minewatch.sensor.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minewatch.sensor.SensorConfig.Outputs;
import minewatch.sensor.SensorConfig.Primary;
import minewatch.sensor.output.Followers;

/// Whether what hits go to beside the collector, or instead of it, can be reached.
final class OutputCheck {
    private static final Duration WITHIN = Duration.ofSeconds(3);

    private OutputCheck() {}

    static List<Diagnosis> examine(Outputs outputs) throws InterruptedException {
        List<Diagnosis> diagnoses = new ArrayList<>();
        boolean throughKafka = outputs.primary() == Primary.KAFKA;
        for (Followers.Reach reach :
                Followers.probe(outputs.syslog(), outputs.kafka(), throughKafka, WITHIN)) {
            diagnoses.add(diagnosis(reach));
        }
        return diagnoses.isEmpty()
                ? List.of(Diagnosis.ok(Check.OUTPUTS, "none but the collector"))
                : diagnoses;
    }

    private static Diagnosis diagnosis(Followers.Reach reach) {
        if (reach.problem() == null) {
            return Diagnosis.ok(Check.OUTPUTS, reach.target() + " can be reached");
        }
        String found = "cannot reach " + reach.target() + ": " + reach.problem();
        return reach.primary()
                ? Diagnosis.failure(Check.OUTPUTS, found, reach.remedy())
                : Diagnosis.warning(Check.OUTPUTS, found, reach.remedy());
    }
}
