package minewatch.sensor.workbench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A run as JSON (`minewatch.signature-test/1`), to keep and to compare with.
public final class JsonReport {
    static final String SCHEMA = "minewatch.signature-test/1";

    private JsonReport() {}

    public static String of(TestRun run, Previous.@Nullable Changes changes) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode report = mapper.createObjectNode();
        report.put("schema", SCHEMA);
        report.put("kind", run.kind().name().toLowerCase(Locale.ROOT));
        report.put("right", run.cases().size() - run.wrong());
        report.put("wrong", run.wrong());
        addSignatures(run, report.putArray("signatures"));
        if (run.kind() == TestRun.Kind.CAPTURES) {
            addCaptureFigures(run, report);
        }
        ArrayNode cases = report.putArray("cases");
        run.cases().forEach(each -> addCase(each, cases.addObject()));
        if (changes != null) {
            ObjectNode since = report.putObject("baseline");
            put(since, "broken", changes.broken());
            put(since, "fixed", changes.fixed());
            put(since, "added", changes.added());
            put(since, "gone", changes.gone());
            put(since, "figures", changes.figures());
        }
        return mapper.writeValueAsString(report);
    }

    private static void addSignatures(TestRun run, ArrayNode signatures) {
        for (Accuracy accuracy : run.accuracy()) {
            ObjectNode node = signatures.addObject();
            node.put("id", accuracy.signature());
            node.put("found", accuracy.found());
            node.put("missed", accuracy.missed());
            node.put("false", accuracy.falsely());
            putIfKnown(node, "precision", accuracy.precision());
            putIfKnown(node, "recall", accuracy.recall());
        }
    }

    private static void putIfKnown(ObjectNode node, String name, double value) {
        if (!Double.isNaN(value)) {
            node.put(name, value);
        }
    }

    private static void addCaptureFigures(TestRun run, ObjectNode report) {
        ArrayNode confusion = report.putArray("confusion");
        run.confusion()
                .forEach((labelled, found) ->
                        found.forEach((what, count) -> {
                            ObjectNode node = confusion.addObject();
                            node.put("labelled", labelled);
                            node.put("found", what);
                            node.put("captures", count);
                        }));
        ObjectNode stretch = report.putObject("stretch");
        stretch.put("labelled", run.stretch());
        stretch.put("found", run.stretchFound());
    }

    private static void addCase(TestRun.Case each, ObjectNode node) {
        node.put("suite", each.suite());
        node.put("name", each.name());
        put(node, "problems", each.problems());
        putUnlessEmpty(node, "notes", each.notes());
        putUnlessEmpty(node, "labelled", each.labelled());
        putUnlessEmpty(node, "found", each.found());
    }

    private static void putUnlessEmpty(ObjectNode node, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            put(node, name, texts);
        }
    }

    private static void put(ObjectNode node, String name, List<String> texts) {
        ArrayNode array = node.putArray(name);
        texts.forEach(array::add);
    }
}
