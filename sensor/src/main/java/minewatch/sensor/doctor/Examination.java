package minewatch.sensor.doctor;

import java.util.List;

/// One check at work.
@FunctionalInterface
interface Examination {
    /// @return at least one
    List<Diagnosis> run() throws InterruptedException;
}
