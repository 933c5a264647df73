package minewatch.collector.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The list of sensors, for people or for programs.
public enum SensorList {
    TABLE {
        @Override
        public void write(List<SensorRow> rows, Appendable out) throws IOException {
            new TextTable(TITLES, rows.stream().map(SensorList::cells).toList()).write(out);
        }
    },
    JSON {
        @Override
        public void write(List<SensorRow> rows, Appendable out) throws IOException {
            for (SensorRow row : rows) {
                out.append(json(row).toString()).append('\n');
            }
        }
    };

    private static final List<String> TITLES =
            List.of(
                    "SENSOR", "STATE", "HEARD", "PACKETS", "DROPS", "HITS", "WAITING", "CLOCK",
                    "PACK", "VERSION");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double NANOS_PER_MILLI = 1e6;

    public abstract void write(List<SensorRow> rows, Appendable out) throws IOException;

    private static List<String> cells(SensorRow row) {
        Long offset = row.clockOffsetNanos();
        return List.of(
                row.id(),
                row.state(),
                text(row.heardAt()),
                text(row.packetsAt()),
                text(row.dropsAt()),
                text(row.hitsAt()),
                String.valueOf(row.waitingBatches()),
                offset == null ? "?" : Math.round(offset / NANOS_PER_MILLI) + " ms",
                row.pack() == null ? "?" : row.pack(),
                row.version());
    }

    private static String text(@Nullable Instant time) {
        return time == null ? "never" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static ObjectNode json(SensorRow row) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("sensor", row.id());
        object.put("state", row.state());
        object.put("heard_at", row.heardAt().toString());
        put(object, "packets_at", row.packetsAt());
        put(object, "drops_at", row.dropsAt());
        put(object, "hits_at", row.hitsAt());
        object.put("waiting_batches", row.waitingBatches());
        if (row.clockOffsetNanos() != null) {
            object.put("clock_offset_nanos", row.clockOffsetNanos());
        }
        if (row.pack() != null) {
            object.put("pack", row.pack());
        }
        return object.put("version", row.version());
    }

    private static void put(ObjectNode object, String name, @Nullable Instant time) {
        if (time != null) {
            object.put(name, time.toString());
        }
    }
}
