package minewatch.sensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/// One run of the command line, in this process, with what it printed.
public record CommandRun(int exitCode, String out, String err) {
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
        return new CommandRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }
}
