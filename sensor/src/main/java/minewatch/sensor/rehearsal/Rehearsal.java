package minewatch.sensor.rehearsal;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import minewatch.sensor.Main;

/// The training run of the ahead-of-time cache (JEP 483, JEP 515): scans synthetic traffic until
/// the hot path's branches have been counted as in real use. What it prints is of no use.
public final class Rehearsal {
    private static final int FRAMES = 100_000;
    private static final int FLOWS = 10_000;
    private static final int ROUNDS = 10;
    private static final int PCAP_MAGIC = 0xA1B2C3D4; // microseconds, big-endian
    private static final int ETHERNET = 1;
    private static final long STEP_MICROS = Duration.ofMillis(1).toNanos() / 1000;

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        Path capture = Files.createTempFile("minewatch-rehearsal", ".pcap");
        try {
            try (OutputStream out = Files.newOutputStream(capture)) {
                write(new SyntheticTraffic(FLOWS, 1), FRAMES, out);
            }
            if (scan(capture) != 0) {
                throw new IOException(capture + ": not scanned");
            }
        } finally {
            Files.deleteIfExists(capture);
        }
    }

    private static int scan(Path capture) {
        String[] scan = {"scan", "--stats", "--format=ndjson"};
        String[] arguments = Arrays.copyOf(scan, scan.length + ROUNDS);
        Arrays.fill(arguments, scan.length, arguments.length, capture.toString());
        return Main.run(arguments);
    }

    /// Writes a capture file (pcap, microseconds) of so many frames, a millisecond apart.
    static void write(SyntheticTraffic traffic, int frames, OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
        data.writeInt(PCAP_MAGIC);
        data.writeInt(0x0002_0004);
        data.writeLong(0);
        data.writeInt(1 << 18);
        data.writeInt(ETHERNET);
        long micros = 0;
        for (int i = 0; i < frames; i++) {
            byte[] frame = traffic.next();
            micros += STEP_MICROS;
            data.writeInt((int) (micros / 1_000_000));
            data.writeInt((int) (micros % 1_000_000));
            data.writeInt(frame.length);
            data.writeInt(frame.length);
            data.write(frame);
        }
        data.flush();
    }
}
