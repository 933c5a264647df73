package minewatch.testkit.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A network namespace of one thread, and of the threads and programs that it starts. It ends with
/// the last of them.
public final class PrivateNetwork {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int CAP_NET_RAW = 13;

    private PrivateNetwork() {}

    /// What is done in the network.
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /// Whether this process may make one.
    public static boolean isPossible() {
        try {
            run(() -> {});
            return true;
        } catch (Exception | LinkageError e) {
            return false;
        }
    }

    /// Runs the body in a new network, in which only `lo` is there and up, and waits for its end.
    ///
    /// @throws Exception what the body throws
    public static void run(Body body) throws Exception {
        onThread(
                "private network",
                () -> {
                    Libc.unshare(CLONE_NEWNET);
                    // Else each interface that comes up talks by itself.
                    command("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
                    command("ip", "link", "set", "dev", "lo", "up");
                    body.run();
                });
    }

    /// Runs the body in the caller's network without any capability, as an ordinary user would, and
    /// waits for its end.
    ///
    /// @throws Exception what the body throws
    public static void runUnprivileged(Body body) throws Exception {
        onThread(
                "unprivileged",
                () -> {
                    Libc.setCapabilities(0);
                    body.run();
                });
    }

    /// As [#runUnprivileged], but with the right to open packet sockets: what the sensor's service
    /// has.
    ///
    /// @throws Exception what the body throws
    public static void runWithRightToCapture(Body body) throws Exception {
        onThread(
                "with the right to capture",
                () -> {
                    Libc.setCapabilities(1 << CAP_NET_RAW);
                    body.run();
                });
    }

    private static void onThread(String name, Body body) throws Exception {
        Callable<Void> whole =
                () -> {
                    body.run();
                    return null;
                };
        FutureTask<Void> task = new FutureTask<>(whole);
        Thread.ofPlatform().name(name).start(task);
        try {
            task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /// Runs a program of the system in the caller's network.
    ///
    /// @return what it said
    /// @throws IOException if it fails, with what it said
    public static String command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + said.strip());
        }
        return said;
    }
}
