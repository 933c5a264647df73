package minewatch.sensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.stream.Collectors;

/// One run of the command line, in this process, with what it printed.
public record CommandRun(int exitCode, String out, String err) {
    /// The fuzzer's agent, once a test has loaded it, tells of each class on standard error.
    private static final String AGENT = "INFO: Instrumented ";

    public static CommandRun of(String... arguments) {
        PrintStream standardOut = System.out;
        PrintStream standardErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        int exitCode;
        try {
            exitCode = Main.run(arguments);
        } finally {
            System.setOut(standardOut);
            System.setErr(standardErr);
        }
        return new CommandRun(exitCode, out.toString(UTF_8), withoutAgent(err.toString(UTF_8)));
    }

    private static String withoutAgent(String printed) {
        if (!printed.contains(AGENT)) {
            return printed;
        }
        return printed.lines()
                .filter(line -> !line.startsWith(AGENT))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
