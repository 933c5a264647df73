package minewatch.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// nDPI's example program, which recognises protocols. It ends by itself when its time is over.
final class NdpiReader extends LiveReader {
    private static final int START_AND_END_SECONDS = 6;

    NdpiReader() {
        super("ndpiReader");
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
                        "ndpiReader",
                        "-i",
                        networkInterface,
                        "-s",
                        String.valueOf(seconds + START_AND_END_SECONDS)));
    }

    @Override
    long stop(Process process, Path folder, long arrived) throws IOException, InterruptedException {
        process.waitFor();
        return number(
                Files.readString(folder.resolve("out")), "IP packets:.* of (\\d+) packets total");
    }
}
