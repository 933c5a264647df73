package minewatch.sensor.workbench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// A previous run, as its JSON report kept it, to hold the present one against.
public final class Previous {
    private static final int MAX_BYTES = 64 << 20;

    /// What has changed since. Cases are named `suite/name`.
    ///
    /// @param broken right then, wrong now
    /// @param fixed wrong then, right now
    /// @param added not there then
    /// @param gone not there now
    /// @param figures precision and recall that differ, one line each
    public record Changes(
            List<String> broken,
            List<String> fixed,
            List<String> added,
            List<String> gone,
            List<String> figures) {}

    private final Map<String, Boolean> right = new LinkedHashMap<>();
    private final Map<String, Accuracy> accuracy = new LinkedHashMap<>();

    private Previous() {}

    /// @throws InvalidLabelsException if the file is no report of a run
    public static Previous read(Path file) throws IOException, InvalidLabelsException {
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidLabelsException(
                    file + ":1: file: more than 64 MiB (expected: at most 64 MiB)");
        }
        try {
            return read(file.toString(), new ObjectMapper().readTree(file.toFile()));
        } catch (JacksonException e) {
            throw problem(file.toString(), "not JSON");
        }
    }

    static Previous read(String name, JsonNode report) throws InvalidLabelsException {
        String schema = report.path("schema").asText();
        if (!schema.equals(JsonReport.SCHEMA)) {
            throw problem(
                    name, schema.isEmpty() ? "no schema" : "schema " + Printable.text(schema));
        }
        Previous previous = new Previous();
        for (JsonNode each : report.path("cases")) {
            String key = each.path("suite").asText() + "/" + each.path("name").asText();
            previous.right.put(key, each.path("problems").isEmpty());
        }
        for (JsonNode each : report.path("signatures")) {
            String id = each.path("id").asText();
            previous.accuracy.put(
                    id,
                    new Accuracy(
                            id,
                            each.path("found").asLong(),
                            each.path("missed").asLong(),
                            each.path("false").asLong()));
        }
        return previous;
    }

    private static InvalidLabelsException problem(String file, String value) {
        return new InvalidLabelsException(
                "%s:1: file: %s (expected: what signatures test --format json printed)"
                        .formatted(file, value));
    }

    /// What differs from it in `run`.
    public Changes changes(TestRun run) {
        Changes changes =
                new Changes(
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        figures(run));
        TreeSet<String> gone = new TreeSet<>(right.keySet());
        for (TestRun.Case each : run.cases()) {
            String key = each.suite() + "/" + each.name();
            Boolean before = right.get(key);
            gone.remove(key);
            if (before == null) {
                changes.added.add(key);
            } else if (before != each.isRight()) {
                (before ? changes.broken : changes.fixed).add(key);
            }
        }
        changes.gone.addAll(gone);
        return changes;
    }

    private List<String> figures(TestRun run) {
        List<String> figures = new ArrayList<>();
        for (Accuracy now : run.accuracy()) {
            Accuracy then =
                    accuracy.getOrDefault(now.signature(), new Accuracy(now.signature(), 0, 0, 0));
            addIfChanged(
                    now.signature() + " precision", then.precision(), now.precision(), figures);
            addIfChanged(now.signature() + " recall", then.recall(), now.recall(), figures);
        }
        return figures;
    }

    private static void addIfChanged(String what, double then, double now, List<String> figures) {
        if (Double.compare(then, now) != 0) {
            figures.add(what + " " + part(then) + " → " + part(now));
        }
    }

    /// `0.983`; `-` for what there is none of.
    static String part(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
