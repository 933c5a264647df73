package minewatch.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// tcpdump with a buffer as large as ours, which throws away what it captures.
final class TcpdumpReader extends LiveReader {
    private static final String BUFFER_KIBI = "262144";

    TcpdumpReader() {
        super("tcpdump");
    }

    @Override
    Process start(String networkInterface, Path folder, int seconds)
            throws IOException, InterruptedException {
        return launch(
                folder,
                List.of(
                        "taskset",
                        "-c",
                        String.valueOf(CORE),
                        "tcpdump",
                        "-i",
                        networkInterface,
                        "-n",
                        "-B",
                        BUFFER_KIBI,
                        "-w",
                        "/dev/null"));
    }

    @Override
    long stop(Process process, Path folder, long arrived) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(2); // what is buffered
        process.destroy();
        process.waitFor();
        return number(Files.readString(folder.resolve("out")), "(\\d+) packets captured");
    }
}
