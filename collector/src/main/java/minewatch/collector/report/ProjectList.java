package minewatch.collector.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The list of projects as text: a table for a terminal, CSV for a spreadsheet, JSON for a program.
/// Scripts rely on the order of the columns: a new one goes to the end.
public enum ProjectList {
    TABLE {
        @Override
        public void write(List<ProjectRow> rows, Appendable out) throws IOException {
            new TextTable(TITLES, rows.stream().map(ProjectList::cells).toList()).write(out);
        }
    },
    CSV {
        @Override
        public void write(List<ProjectRow> rows, Appendable out) throws IOException {
            out.append(String.join(",", CSV_TITLES)).append("\r\n");
            for (ProjectRow row : rows) {
                for (String line : csvLines(row)) {
                    out.append(line).append("\r\n");
                }
            }
        }
    },
    JSON {
        @Override
        public void write(List<ProjectRow> rows, Appendable out) throws IOException {
            for (ProjectRow row : rows) {
                out.append(json(row)).append('\n');
            }
        }
    };

    private static final List<String> TITLES =
            List.of(
                    "VERDICT",
                    "ENTERPRISE",
                    "REGION",
                    "SOURCES",
                    "MINERS",
                    "PROTOCOLS",
                    "HASHRATE",
                    "POWER",
                    "LAST SEEN",
                    "MINERS AT LEAST");
    private static final List<String> CSV_TITLES =
            List.of(
                    "id",
                    "verdict",
                    "confidence",
                    "enterprise",
                    "contested",
                    "credit_code",
                    "region_code",
                    "address",
                    "source_ips",
                    "miners",
                    "sessions",
                    "protocols",
                    "algorithm",
                    "hashrate_low",
                    "hashrate_best",
                    "hashrate_high",
                    "hashrate_unit",
                    "shares",
                    "power_watts_low",
                    "power_watts_best",
                    "power_watts_high",
                    "first_seen",
                    "last_seen",
                    "miners_at_least");
    private static final JsonFactory FACTORY = new JsonFactory();

    /// @param out gets whole lines
    public abstract void write(List<ProjectRow> rows, Appendable out) throws IOException;

    private static List<String> cells(ProjectRow row) {
        String enterprise = row.enterprise() == null ? "-" : row.enterprise();
        return List.of(
                row.verdict(),
                row.contested() ? "contested: " + enterprise : enterprise,
                orDash(row.regionCode()),
                sources(row.sourceIps()),
                Integer.toString(row.miners()),
                String.join(", ", row.protocols()),
                row.hashrate().isEmpty()
                        ? "-"
                        : row.hashrate().stream()
                                .map(ProjectList::estimate)
                                .collect(Collectors.joining("; ")),
                row.power() == null ? "-" : band(row.power(), "W"),
                row.lastSeen().truncatedTo(ChronoUnit.SECONDS).toString(),
                row.minersAtLeast() == null ? "-" : Long.toString(row.minersAtLeast()));
    }

    private static String sources(List<String> addresses) {
        String shown = addresses.stream().limit(2).collect(Collectors.joining(", "));
        return addresses.size() > 2 ? shown + ", …" : shown;
    }

    private static String estimate(HashrateEstimate estimate) {
        return estimate.algorithm() + " " + band(estimate.rate(), estimate.unit());
    }

    /// `13.9 TH/s (11–18)`, all three in the unit of the best value.
    private static String band(Band band, String unit) {
        String prefixes = " kMGTPEZY";
        int step = 0;
        double divisor = 1;
        while (band.best() / divisor >= 1000 && step < prefixes.length() - 1) {
            divisor *= 1000;
            step++;
        }
        String prefix = step == 0 ? "" : String.valueOf(prefixes.charAt(step));
        return digits(band.best() / divisor)
                + " "
                + prefix
                + unit
                + " ("
                + digits(band.low() / divisor)
                + "–"
                + digits(band.high() / divisor)
                + ")";
    }

    private static String digits(double value) {
        return String.format(
                Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /// One line for each algorithm, since algorithms are never summed; one without if there is
    /// none.
    private static List<String> csvLines(ProjectRow row) {
        if (row.hashrate().isEmpty()) {
            return List.of(csvLine(row, null));
        }
        return row.hashrate().stream().map(estimate -> csvLine(row, estimate)).toList();
    }

    private static String csvLine(ProjectRow row, @Nullable HashrateEstimate estimate) {
        var cells = new ArrayList<String>();
        cells.add(Long.toString(row.id()));
        cells.add(row.verdict());
        cells.add(Double.toString(row.confidence()));
        cells.add(cell(row.enterprise()));
        cells.add(Boolean.toString(row.contested()));
        cells.add(cell(row.creditCode()));
        cells.add(cell(row.regionCode()));
        cells.add(cell(row.address()));
        cells.add(cell(String.join(" ", row.sourceIps())));
        cells.add(Integer.toString(row.miners()));
        cells.add(Integer.toString(row.sessions()));
        cells.add(cell(String.join(" ", row.protocols())));
        cells.add(estimate == null ? "" : cell(estimate.algorithm()));
        add(cells, estimate == null ? null : estimate.rate());
        cells.add(estimate == null ? "" : cell(estimate.unit()));
        cells.add(estimate == null ? "" : Long.toString(estimate.shares()));
        add(cells, row.power());
        cells.add(row.firstSeen().toString());
        cells.add(row.lastSeen().toString());
        cells.add(row.minersAtLeast() == null ? "" : Long.toString(row.minersAtLeast()));
        return String.join(",", cells);
    }

    private static void add(List<String> cells, @Nullable Band band) {
        cells.add(band == null ? "" : Double.toString(band.low()));
        cells.add(band == null ? "" : Double.toString(band.best()));
        cells.add(band == null ? "" : Double.toString(band.high()));
    }

    /// Text as one CSV value (RFC 4180). A spreadsheet takes what begins like a formula for one,
    /// and a name may come from a stranger's file: such a value gets an apostrophe in front.
    static String cell(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        String safe = "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private static String json(ProjectRow row) throws IOException {
        var text = new java.io.StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("id", row.id());
            json.writeStringField("verdict", row.verdict());
            json.writeNumberField("confidence", row.confidence());
            field(json, "enterprise", row.enterprise());
            json.writeBooleanField("contested", row.contested());
            field(json, "credit_code", row.creditCode());
            field(json, "region_code", row.regionCode());
            field(json, "address", row.address());
            list(json, "source_ips", row.sourceIps());
            json.writeNumberField("miners", row.miners());
            json.writeNumberField("sessions", row.sessions());
            list(json, "protocols", row.protocols());
            json.writeArrayFieldStart("hashrate");
            for (HashrateEstimate estimate : row.hashrate()) {
                json.writeStartObject();
                json.writeStringField("algorithm", estimate.algorithm());
                band(json, estimate.rate());
                json.writeStringField("unit", estimate.unit());
                json.writeNumberField("shares", estimate.shares());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (row.power() != null) {
                json.writeObjectFieldStart("power_watts");
                band(json, row.power());
                json.writeEndObject();
            }
            time(json, "first_seen", row.firstSeen());
            time(json, "last_seen", row.lastSeen());
            if (row.minersAtLeast() != null) {
                json.writeNumberField("miners_at_least", row.minersAtLeast());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void field(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void list(JsonGenerator json, String name, List<String> values)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void band(JsonGenerator json, Band band) throws IOException {
        json.writeNumberField("low", band.low());
        json.writeNumberField("best", band.best());
        json.writeNumberField("high", band.high());
    }

    private static void time(JsonGenerator json, String name, Instant time) throws IOException {
        json.writeStringField(name, time.toString());
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
