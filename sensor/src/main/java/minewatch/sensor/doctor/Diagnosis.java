package minewatch.sensor.doctor;

import org.jspecify.annotations.Nullable;

/// What one check found.
///
/// @param found in words, one line
/// @param remedy a command to type or a setting to make; null where all is well
public record Diagnosis(Check check, Outcome outcome, String found, @Nullable String remedy) {
    /// Mildest first.
    public enum Outcome {
        /// All is well, or the check does not apply.
        OK,
        /// The job is done, but worse than it could be; or it could not be told.
        WARNING,
        /// It stops the job.
        FAILURE
    }

    static Diagnosis ok(Check check, String found) {
        return new Diagnosis(check, Outcome.OK, found, null);
    }

    static Diagnosis warning(Check check, String found, String remedy) {
        return new Diagnosis(check, Outcome.WARNING, found, remedy);
    }

    static Diagnosis failure(Check check, String found, String remedy) {
        return new Diagnosis(check, Outcome.FAILURE, found, remedy);
    }
}
