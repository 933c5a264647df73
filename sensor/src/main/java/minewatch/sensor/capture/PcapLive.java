package minewatch.sensor.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.sql.Timestamp;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;
import org.pcap4j.core.RawPacketListener;

/// A network interface read through libpcap: works wherever libpcap does, at some hundred thousand
/// packets a second.
///
/// The handle does not block: libpcap's blocking read may not return on a silent interface, and a
/// sensor must be able to stop.
///
/// - **Thread:** the caller's.
public final class PcapLive implements AutoCloseable {
    private static final int SNAPSHOT_BYTES = 64 << 10;
    private static final int READ_TIMEOUT_MILLIS = 10;
    private static final int DISPATCH_PACKETS = 64;
    private static final long IDLE_PAUSE_NANOS = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final PcapHandle handle;
    private final FrameHandler handler;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment block = arena.allocate(SNAPSHOT_BYTES);

    private PcapLive(PcapHandle handle, FrameHandler handler) {
        this.handle = handle;
        this.handler = handler;
    }

    /// Opens an interface in promiscuous mode.
    ///
    /// @throws IOException with the cause and its remedy in one line
    public static PcapLive open(String networkInterface, FrameHandler handler) throws IOException {
        try {
            PcapNetworkInterface found = Pcaps.getDevByName(networkInterface);
            if (found == null) {
                throw new IOException(
                        "cannot open "
                                + networkInterface
                                + ": no such interface, or none may be opened; name one of"
                                + " `ip link`, and grant CAP_NET_RAW (docs/how-to/install.md)");
            }
            PcapHandle handle =
                    found.openLive(
                            SNAPSHOT_BYTES, PromiscuousMode.PROMISCUOUS, READ_TIMEOUT_MILLIS);
            handle.setBlockingMode(BlockingMode.NONBLOCKING);
            return new PcapLive(handle, handler);
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException(
                    "cannot open "
                            + networkInterface
                            + ": "
                            + e.getMessage()
                            + "; grant CAP_NET_RAW (docs/how-to/install.md)",
                    e);
        } catch (LinkageError e) {
            throw new IOException(
                    "cannot open "
                            + networkInterface
                            + ": libpcap is missing; install it (Debian: libpcap0.8)",
                    e);
        }
    }

    /// Name and version of the library.
    ///
    /// @throws IOException if there is none
    public static String libraryVersion() throws IOException {
        try {
            return Pcaps.libVersion();
        } catch (LinkageError e) {
            throw new IOException("libpcap is missing; install it (Debian: libpcap0.8)", e);
        }
    }

    /// Delivers frames until `stopping` says so.
    ///
    /// @throws IOException if the interface fails
    public void run(BooleanSupplier stopping) throws IOException {
        int linkType = handle.getDlt().value();
        RawPacketListener listener = bytes -> deliver(bytes, linkType);
        try {
            while (!stopping.getAsBoolean()) {
                int delivered = handle.dispatch(DISPATCH_PACKETS, listener);
                handler.onBatchEnd();
                if (delivered == 0) {
                    LockSupport.parkNanos(IDLE_PAUSE_NANOS);
                }
            }
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException("cannot read the interface any more: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Packets the kernel dropped because they were not read in time.
    public long kernelDrops() {
        try {
            return handle.getStats().getNumPacketsDropped();
        } catch (PcapNativeException | NotOpenException e) {
            return 0; // not counted by this kind of interface
        }
    }

    @Override
    public void close() {
        handle.close();
        arena.close();
    }

    private void deliver(byte[] bytes, int linkType) {
        int length = Math.min(bytes.length, SNAPSHOT_BYTES);
        MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, 0, length);
        Timestamp time = handle.getTimestamp();
        long nanos = Math.floorDiv(time.getTime(), 1000L) * NANOS_PER_SECOND + time.getNanos();
        handler.onFrame(block, 0, length, handle.getOriginalLength(), nanos, linkType);
        handler.onBatchEnd();
    }
}
