package minewatch.sensor.doctor;

import java.util.List;
import minewatch.sensor.SensorConfig;

/// The Java machine, its processors and its memory, containers' limits included.
final class JavaChecks {
    private static final long FLOW_BYTES = 130; // outside the heap, each of `flow.capacity`
    private static final long SESSION_BYTES = 9 << 10; // heap, each of `inspect.max-sessions`

    private JavaChecks() {}

    static List<Diagnosis> java(Machine machine) {
        String version =
                "Java "
                        + Runtime.version()
                        + " of "
                        + System.getProperty("java.vendor", "an unknown vendor");
        if (machine.processors() < 2) {
            return List.of(
                    Diagnosis.warning(
                            Check.JAVA,
                            version + " may use one processor: capture shares it with the rest",
                            "nproc; then give the machine, its container (docker update --cpus 2"
                                    + " CONTAINER) or its unit (CPUQuota=200%) two"));
        }
        return List.of(
                Diagnosis.ok(
                        Check.JAVA, version + " may use " + machine.processors() + " processors"));
    }

    /// Without settings: whether the heap fits.
    static List<Diagnosis> heap(Machine machine) {
        return List.of(
                room(
                        machine,
                        machine.heapBytes(),
                        "heap " + Sizes.text(machine.heapBytes()),
                        heapRemedy(machine.memoryBytes() / 2)));
    }

    static List<Diagnosis> memory(Machine machine, SensorConfig config) {
        long heap = machine.heapBytes();
        long flows = config.flow().capacity() * FLOW_BYTES;
        String parts = "heap " + Sizes.text(heap) + " and flow.capacity " + Sizes.text(flows);
        long fitting = machine.memoryBytes() / 4 / FLOW_BYTES;
        Diagnosis room =
                room(
                        machine,
                        heap + flows,
                        parts,
                        heapRemedy(machine.memoryBytes() / 2)
                                + (flows > machine.memoryBytes() / 4
                                        ? ", and flow.capacity: " + fitting
                                        : ""));
        long sessions = config.inspect().maxSessions() * SESSION_BYTES;
        if (sessions <= heap / 4 * 3) {
            return List.of(room);
        }
        return List.of(
                room,
                Diagnosis.warning(
                        Check.MEMORY,
                        "inspect.max-sessions may take "
                                + Sizes.text(sessions)
                                + " of a heap of "
                                + Sizes.text(heap),
                        heapRemedy(sessions * 2)
                                + ", or inspect.max-sessions: "
                                + heap / 2 / SESSION_BYTES));
    }

    private static Diagnosis room(Machine machine, long needed, String parts, String remedy) {
        String found = parts + ", of " + Sizes.text(machine.memoryBytes()) + " the machine has";
        if (needed > machine.memoryBytes()) {
            return Diagnosis.failure(Check.MEMORY, "too much: " + found, remedy);
        }
        // The Java machine itself and libpcap's buffer come on top.
        return needed > machine.memoryBytes() / 4 * 3
                ? Diagnosis.warning(Check.MEMORY, "tight: " + found, remedy)
                : Diagnosis.ok(Check.MEMORY, found);
    }

    private static String heapRemedy(long bytes) {
        return "MINEWATCH_JAVA_OPTS=-Xmx" + Sizes.mebi(bytes) + "m";
    }
}
