package minewatch.sensor.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.config.ConfigException;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.spool.SpoolState;
import minewatch.sensor.spool.SpoolView;
import minewatch.sensor.spool.SpoolView.Range;
import minewatch.sensor.spool.SpoolView.Segment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `minewatch sensor spool`: looks into a spool, also while a sensor works in it. Changes nothing.
@Command(
        name = "spool",
        description = {
            "What waits in a sensor's spool. Changes nothing; works also while the sensor runs.",
        },
        footer = {
            "",
            "Examples:",
            "  minewatch sensor spool ls --config /etc/minewatch/sensor.yaml",
            "  minewatch sensor spool verify --directory /var/lib/minewatch/spool",
            "  minewatch sensor spool export --directory old-spool > hits.ndjson",
            "",
            "Exit codes: 0 done; 1 done, but part of the spool is damaged or missing; 2 wrong",
            "usage, or no spool is there."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SpoolCommand.LsCommand.class,
            SpoolCommand.VerifyCommand.class,
            SpoolCommand.ExportCommand.class
        })
final class SpoolCommand {
    private static final int SOUND = 0;
    private static final int DAMAGED = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// For people or for programs.
    enum Format {
        table,
        json
    }

    /// Which spool.
    static final class Where {
        @Option(
                names = "--directory",
                paramLabel = "DIR",
                required = true,
                description = "The spool's directory.")
        private @Nullable Path directory;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "The sensor's settings; spool.directory says where it is.")
        private @Nullable Path config;

        Path directory() throws ConfigException {
            if (directory != null) {
                return directory;
            }
            return SensorConfig.load(config == null ? Path.of("") : config).spool().directory();
        }
    }

    /// What `ls` and `verify` have in common.
    static final class Report {
        @ArgGroup(multiplicity = "1")
        private Where where = new Where();

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "table",
                description = "${COMPLETION-CANDIDATES} (default: table).")
        private Format format = Format.table;

        SpoolView view() throws ConfigException, IOException {
            return SpoolView.of(where.directory(), _ -> {});
        }

        void print(SpoolView view) throws IOException {
            System.out.print(
                    format == Format.json
                            ? JSON.writeValueAsString(json(view)) + "\n"
                            : String.join("\n", lines(view)) + "\n");
        }
    }

    /// `minewatch sensor spool ls`
    @Command(
            name = "ls",
            description = "Lists segments, what is acknowledged, what waits, what is lost.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  minewatch sensor spool ls --config /etc/minewatch/sensor.yaml",
                "  minewatch sensor spool ls --directory /var/lib/minewatch/spool --format json"
            },
            sortOptions = false)
    static final class LsCommand implements Callable<Integer> {
        @Mixin private Report report = new Report();

        @Override
        public Integer call() throws ConfigException, IOException {
            report.print(report.view());
            return SOUND;
        }
    }

    /// `minewatch sensor spool verify`
    @Command(
            name = "verify",
            description = {
                "Checks every batch.",
                "",
                "Names bytes that are no batch, and numbers that are missing."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  minewatch sensor spool verify --config /etc/minewatch/sensor.yaml",
                "",
                "Exit codes: 0 sound; 1 damaged or incomplete; 2 wrong usage, or no spool is there."
            },
            sortOptions = false)
    static final class VerifyCommand implements Callable<Integer> {
        @Mixin private Report report = new Report();

        @Override
        public Integer call() throws ConfigException, IOException {
            SpoolView view = report.view();
            report.print(view);
            System.err.println(
                    view.isSound()
                            ? view.directory() + ": sound"
                            : view.directory()
                                    + ": damaged; the sensor goes on without the lost batches and"
                                    + " tells the collector of them; check the disk");
            return view.isSound() ? SOUND : DAMAGED;
        }
    }

    /// `minewatch sensor spool export`
    @Command(
            name = "export",
            description = {
                "Prints the hits of a spool to standard output, one JSON object a line.",
                "",
                "Only what no collector has acknowledged, unless --all is given. Gaps and damage",
                "are told on standard error."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  minewatch sensor spool export --config /etc/minewatch/sensor.yaml > waiting.ndjson",
                "  minewatch sensor spool export --directory old-spool --all --format eve > all.json"
            },
            sortOptions = false)
    static final class ExportCommand implements Callable<Integer> {
        @ArgGroup(multiplicity = "1")
        private Where where = new Where();

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "ndjson",
                description = "${COMPLETION-CANDIDATES} (default: ndjson).")
        private Lines format = Lines.ndjson;

        @Option(
                names = "--all",
                description = "Also acknowledged batches whose segment is still there.")
        private boolean all;

        /// A format of one object a line.
        enum Lines {
            ndjson,
            eve
        }

        @Override
        public Integer call() throws ConfigException, IOException {
            Path directory = where.directory();
            long acked = all ? 0 : SpoolView.of(directory, _ -> {}).acked();
            Writer out =
                    new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
            HitPrinter printer = format == Lines.eve ? new EvePrinter(out) : new NdjsonPrinter(out);
            SpoolView view = SpoolView.of(directory, batch -> print(batch, acked, printer));
            printer.finish();
            out.flush();
            view.gaps().forEach(gap -> System.err.println("lost: " + text(gap)));
            damages(view).forEach(System.err::println);
            return view.isSound() ? SOUND : DAMAGED;
        }

        private static void print(Batch batch, long acked, HitPrinter printer) throws IOException {
            if (batch.getSeq() > acked) {
                printer.print(batch.getHitsList());
            }
        }
    }

    private static List<String> lines(SpoolView view) {
        var lines = new ArrayList<String>();
        lines.add("sensor        " + view.state().map(SpoolState::sensor).orElse("not known"));
        lines.add("boot id       " + view.bootId().map(Object::toString).orElse("not known"));
        lines.add("in use        " + view.inUse().map(used -> used ? "yes" : "no").orElse("?"));
        lines.add("acknowledged  " + upTo(view.acked()));
        lines.add("given out     " + upTo(view.lastSeq()));
        view.followed().forEach((output, seq) -> lines.add("%-14s%s".formatted(output, upTo(seq))));
        lines.add("");
        lines.add(
                String.format(
                        "%20s %12s %10s %10s %12s  %s",
                        "FIRST", "LAST", "BATCHES", "HITS", "BYTES", "STATE"));
        view.segments().forEach(segment -> lines.add(line(segment, view.acked())));
        lines.add("");
        view.gaps().forEach(gap -> lines.add("lost: " + text(gap)));
        lines.addAll(damages(view));
        lines.add(
                "quarantine: %d files, %d bytes"
                        .formatted(view.quarantinedFiles(), view.quarantinedBytes()));
        return lines;
    }

    private static String upTo(long seq) {
        return seq == 0 ? "none" : "up to " + seq;
    }

    private static String line(Segment segment, long acked) {
        String state =
                segment.lastSeq() <= acked
                        ? "acknowledged"
                        : segment.firstSeq() <= acked ? "partly acknowledged" : "waits";
        return String.format(
                "%20d %12d %10d %10d %12d  %s",
                segment.firstSeq(),
                segment.lastSeq(),
                segment.batches(),
                segment.hits(),
                segment.bytes(),
                state);
    }

    private static String text(Gap gap) {
        return "batches %s: %s, %s hits"
                .formatted(
                        new Range(gap.getFirstSeq(), gap.getLastSeq()),
                        gap.getReason(),
                        gap.getHits() == 0 ? "an unknown number of" : gap.getHits());
    }

    private static List<String> damages(SpoolView view) {
        var lines = new ArrayList<String>();
        if (view.state().isEmpty()) {
            lines.add("damaged: state is absent or fails its checksum");
        }
        for (Segment segment : view.segments()) {
            if (!segment.headerSound()) {
                lines.add("damaged: " + segment.file() + ": header");
            }
            segment.damaged()
                    .forEach(range ->
                            lines.add("damaged: %s: bytes %s".formatted(segment.file(), range)));
            segment.unfinished()
                    .ifPresent(range ->
                            lines.add("unfinished: %s: bytes %s".formatted(segment.file(), range)));
        }
        view.missing().forEach(range -> lines.add("missing: batches " + range));
        return lines;
    }

    private static ObjectNode json(SpoolView view) {
        ObjectNode object = JSON.createObjectNode();
        object.put("directory", view.directory().toString());
        view.state().ifPresent(state -> object.put("sensor", state.sensor()));
        view.bootId().ifPresent(id -> object.put("boot_id", id.toString()));
        view.inUse().ifPresent(used -> object.put("in_use", used));
        object.put("sound", view.isSound());
        object.put("acked_seq", view.acked());
        object.put("last_seq", view.lastSeq());
        view.followed().forEach(object.putObject("outputs")::put);
        ArrayNode segments = object.putArray("segments");
        view.segments().forEach(segment -> addTo(segments.addObject(), segment));
        ArrayNode gaps = object.putArray("gaps");
        view.gaps()
                .forEach(gap ->
                        gaps.addObject()
                                .put("reason", gap.getReason())
                                .put("first_seq", gap.getFirstSeq())
                                .put("last_seq", gap.getLastSeq())
                                .put("hits", gap.getHits()));
        ArrayNode missing = object.putArray("missing");
        view.missing()
                .forEach(range ->
                        missing.addObject()
                                .put("first_seq", range.first())
                                .put("last_seq", range.last()));
        object.putObject("quarantine")
                .put("files", view.quarantinedFiles())
                .put("bytes", view.quarantinedBytes());
        return object;
    }

    private static void addTo(ObjectNode object, Segment segment) {
        object.put("file", segment.file().toString());
        object.put("first_seq", segment.firstSeq());
        object.put("last_seq", segment.lastSeq());
        object.put("batches", segment.batches());
        object.put("hits", segment.hits());
        object.put("bytes", segment.bytes());
        object.put("header_sound", segment.headerSound());
        ArrayNode damaged = object.putArray("damaged");
        segment.damaged().forEach(range -> addTo(damaged.addObject(), range));
        segment.unfinished().ifPresent(range -> addTo(object.putObject("unfinished"), range));
    }

    private static void addTo(ObjectNode object, Range bytes) {
        object.put("first_byte", bytes.first()).put("last_byte", bytes.last());
    }
}
