package minewatch.sensor.uplink;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this process takes of its machine.
final class ProcessUse {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessUse() {}

    /// CPU time of all threads since the start, ns.
    static long cpuNanos() {
        return Math.max(0, SYSTEM.getProcessCpuTime());
    }

    /// Resident memory (`VmRSS` of proc(5)), bytes; 0 where the system does not tell.
    static long memoryBytes() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException noProc) {
            return 0;
        }
    }
}
