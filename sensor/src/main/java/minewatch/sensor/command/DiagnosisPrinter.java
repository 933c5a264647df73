package minewatch.sensor.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import minewatch.sensor.doctor.Check;
import minewatch.sensor.doctor.Diagnosis;
import minewatch.sensor.doctor.Diagnosis.Outcome;

/// What the doctor found, for people or for a program.
final class DiagnosisPrinter {
    static final String SCHEMA = "minewatch.doctor/1";

    private static final int OUTCOME_WIDTH = "warning".length();
    private static final int CHECK_WIDTH =
            List.of(Check.values()).stream().mapToInt(c -> c.word().length()).max().orElse(0);

    private final List<Diagnosis> diagnoses;

    DiagnosisPrinter(List<Diagnosis> diagnoses) {
        this.diagnoses = List.copyOf(diagnoses);
    }

    Outcome worst() {
        return diagnoses.stream()
                .map(Diagnosis::outcome)
                .max(Comparator.naturalOrder())
                .orElse(Outcome.OK);
    }

    /// A line for each diagnosis, and one below it for its remedy.
    String table(boolean colour) {
        StringBuilder text = new StringBuilder();
        for (Diagnosis diagnosis : diagnoses) {
            String outcome = word(diagnosis.outcome());
            text.append(colour ? colour(diagnosis.outcome(), outcome) : outcome)
                    .append(" ".repeat(OUTCOME_WIDTH - outcome.length() + 2))
                    .append(padded(diagnosis.check().word(), CHECK_WIDTH + 2))
                    .append(harmless(diagnosis.found()))
                    .append('\n');
            if (diagnosis.remedy() != null) {
                text.append(" ".repeat(OUTCOME_WIDTH + CHECK_WIDTH + 4))
                        .append("→ ")
                        .append(harmless(diagnosis.remedy()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /// One object, one line.
    String json() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("schema", SCHEMA);
            json.writeStringField("outcome", word(worst()));
            json.writeArrayFieldStart("checks");
            for (Diagnosis diagnosis : diagnoses) {
                json.writeStartObject();
                json.writeStringField("check", diagnosis.check().word());
                json.writeStringField("outcome", word(diagnosis.outcome()));
                json.writeStringField("found", diagnosis.found());
                if (diagnosis.remedy() != null) {
                    json.writeStringField("remedy", diagnosis.remedy());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    String summary() {
        long failures = count(Outcome.FAILURE);
        long warnings = count(Outcome.WARNING);
        return failures + warnings == 0
                ? "nothing would stop this machine"
                : ScanCommand.count((int) failures, "failure")
                        + ", "
                        + ScanCommand.count((int) warnings, "warning");
    }

    private long count(Outcome outcome) {
        return diagnoses.stream().filter(d -> d.outcome() == outcome).count();
    }

    private static String colour(Outcome outcome, String word) {
        String code =
                switch (outcome) {
                    case OK -> "32";
                    case WARNING -> "33";
                    case FAILURE -> "31";
                };
        return "\u001b[" + code + "m" + word + "\u001b[0m";
    }

    /// Messages carry what others wrote: no control characters, they move the cursor.
    private static String harmless(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
