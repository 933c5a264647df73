package minewatch.sensor.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import minewatch.sensor.doctor.Diagnosis.Outcome;

/// A machine made of files in a folder: what the kernel would tell, and programs that are scripts.
final class Patient {
    private static final long GIBI = 1L << 30;

    private final Path root;

    Patient(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        capabilities("0000000000002000");
        networkInterface("eth1", "0x1003", "1");
        tool("ethtool", "echo 'generic-receive-offload: off'");
        tool("timedatectl", "echo yes");
    }

    Machine machine() {
        return machine(4, 8 * GIBI, GIBI / 2);
    }

    Machine machine(int processors, long memoryBytes, long heapBytes) {
        return new Machine(
                root, List.of(root.resolve("bin")), "doctor", processors, memoryBytes, heapBytes);
    }

    void capabilities(String effective) throws IOException {
        write("proc/self/status", "Name:\tjava\nCapEff:\t" + effective + "\nCapBnd:\t0\n");
    }

    void networkInterface(String name, String flags, String carrier) throws IOException {
        write("sys/class/net/" + name + "/flags", flags + "\n");
        write("sys/class/net/" + name + "/carrier", carrier + "\n");
    }

    void tool(String name, String script) throws IOException {
        Path file = write("bin/" + name, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    void withoutTool(String name) throws IOException {
        Files.delete(root.resolve("bin/" + name));
    }

    Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// The only diagnosis, which is on the page.
    static Diagnosis only(List<Diagnosis> diagnoses) throws IOException {
        assertThat(diagnoses).hasSize(1);
        return explained(diagnoses).getFirst();
    }

    /// docs/reference/doctor.md has each, with its outcome and remedy; `…` there is any text.
    static List<Diagnosis> explained(List<Diagnosis> diagnoses) throws IOException {
        for (Diagnosis diagnosis : diagnoses) {
            assertThat(page().lines().filter(line -> tells(line, diagnosis)))
                    .as("a line of doctor.md for " + diagnosis)
                    .isNotEmpty();
        }
        return diagnoses;
    }

    static String page() throws IOException {
        return Files.readString(
                Path.of(System.getProperty("minewatch.root"), "docs/reference/doctor.md"));
    }

    private static boolean tells(String line, Diagnosis diagnosis) {
        String[] cells = line.split(" *\\| *", -1);
        return cells.length == 6
                && cells[1].equals("`" + diagnosis.check().word() + "`")
                && cells[2].equals(diagnosis.outcome().name().toLowerCase(java.util.Locale.ROOT))
                && fits(cells[3], diagnosis.found())
                && (diagnosis.outcome() == Outcome.OK
                        ? cells[4].isEmpty()
                        : fits(cells[4], String.valueOf(diagnosis.remedy())));
    }

    private static boolean fits(String cell, String text) {
        String plain = cell.replace("`", "");
        return Pattern.matches(
                Pattern.quote(plain).replace("…", "\\E.*\\Q"), text.replace("`", ""));
    }
}
