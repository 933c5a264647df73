package minewatch.sensor.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The machine as the checks see it.
///
/// @param root where `proc`, `sys` and `run` are
/// @param path folders programs are looked for in
/// @param user whose rights this process has
/// @param processors that this process may use, a container's limit included
/// @param memoryBytes of the machine or, where that is less, of the container
/// @param heapBytes most the heap may take
public record Machine(
        Path root, List<Path> path, String user, int processors, long memoryBytes, long heapBytes) {
    private static final long TOOL_SECONDS = 2;
    private static final int MOST_OUTPUT = 60_000; // bytes; a pipe holds as much without a reader

    /// What a program said.
    record Answer(int exitCode, String out) {}

    /// The machine this process runs on.
    public static Machine here() {
        // An ordinary user's PATH lacks the folder ethtool is in.
        String searched = Objects.requireNonNullElse(System.getenv("PATH"), "");
        List<Path> path =
                Stream.concat(
                                Arrays.stream(searched.split(File.pathSeparator, -1)),
                                Stream.of("/usr/sbin", "/sbin"))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of)
                        .toList();
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                Path.of("/"),
                path,
                System.getProperty("user.name", "unknown"),
                runtime.availableProcessors(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize(),
                runtime.maxMemory());
    }

    /// A file of the kernel's, without the last line break; empty if it cannot be read.
    Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).stripTrailing());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Runs a program to its end.
    ///
    /// @return empty if there is none of that name, or it did not end within two seconds
    Optional<Answer> ask(String program, String... arguments) throws InterruptedException {
        Optional<Path> file =
                path.stream()
                        .map(folder -> folder.resolve(program))
                        .filter(Files::isExecutable)
                        .findFirst();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(file.get().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        try {
            return answer(builder.start());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Answer> answer(Process process)
            throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
                return Optional.empty();
            }
            byte[] out = process.getInputStream().readNBytes(MOST_OUTPUT);
            return Optional.of(
                    new Answer(process.exitValue(), new String(out, StandardCharsets.UTF_8)));
        } finally {
            process.destroyForcibly();
        }
    }
}
