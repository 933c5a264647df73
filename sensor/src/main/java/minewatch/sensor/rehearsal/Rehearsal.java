package minewatch.sensor.rehearsal;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// What the training run of the ahead-of-time cache (JEP 483, JEP 515) scans: a capture of rough
/// traffic, in which the hot path's branches are taken as in real use. Written by a process of its
/// own, so that the cache knows of scanning only.
public final class Rehearsal {
    private static final int FRAMES = 300_000;
    private static final int FLOWS = 500;
    private static final int PCAP_MAGIC = 0xA1B2C3D4; // microseconds, big-endian
    private static final int ETHERNET = 1;

    private Rehearsal() {}

    /// @param args the file to write; a second, the same but for its last byte
    public static void main(String[] args) throws IOException {
        Path whole = Path.of(args[0]);
        try (OutputStream out = Files.newOutputStream(whole)) {
            write(new RoughTraffic(FLOWS, 1), FRAMES, out);
        }
        Path cut = Files.copy(whole, Path.of(args[1]), StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
    }

    /// Writes a capture file (pcap, microseconds) of so many frames.
    static void write(RoughTraffic traffic, int frames, OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
        data.writeInt(PCAP_MAGIC);
        data.writeInt(0x0002_0004);
        data.writeLong(0);
        data.writeInt(1 << 18);
        data.writeInt(ETHERNET);
        for (int i = 0; i < frames; i++) {
            byte[] frame = traffic.next();
            long micros = traffic.timestampNanos() / 1_000;
            data.writeInt((int) (micros / 1_000_000));
            data.writeInt((int) (micros % 1_000_000));
            data.writeInt(frame.length);
            data.writeInt(frame.length);
            data.write(frame);
        }
        data.flush();
    }
}
