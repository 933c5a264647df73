package minewatch.sensor.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;
import org.pcap4j.core.Pcaps;
import org.pcap4j.core.RawPacketListener;

/// A network interface read through libpcap: works wherever libpcap does, at some hundred thousand
/// packets a second.
///
/// The handle does not block: libpcap's blocking read may not return on a silent interface, and a
/// sensor must be able to stop.
///
/// - **Thread:** as [LiveCapture] says.
public final class PcapLive implements LiveCapture {
    private static final int SNAPSHOT_BYTES = 64 << 10;
    private static final int READ_TIMEOUT_MILLIS = 10;
    private static final int DISPATCH_PACKETS = 64;
    private static final long IDLE_PAUSE_NANOS = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final String networkInterface;
    private final PcapHandle handle;
    private final FrameHandler handler;
    private final MemorySegment block = Arena.ofAuto().allocate(SNAPSHOT_BYTES);

    private CaptureCounts counts = CaptureCounts.NONE;
    private boolean closed;

    private PcapLive(String networkInterface, PcapHandle handle, FrameHandler handler) {
        this.networkInterface = networkInterface;
        this.handle = handle;
        this.handler = handler;
    }

    /// Opens an interface. Settings of the kernel's ring are passed over: libpcap has its own.
    ///
    /// @throws IOException with the cause and its remedy in one line
    public static PcapLive open(LiveConfig config, FrameHandler handler) throws IOException {
        String networkInterface = config.networkInterface();
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
                            SNAPSHOT_BYTES,
                            config.promiscuous()
                                    ? PromiscuousMode.PROMISCUOUS
                                    : PromiscuousMode.NONPROMISCUOUS,
                            READ_TIMEOUT_MILLIS);
            handle.setBlockingMode(BlockingMode.NONBLOCKING);
            filter(handle, config.filter());
            return new PcapLive(networkInterface, handle, handler);
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

    /// libpcap passes over what came in before the filter was there.
    private static void filter(PcapHandle handle, @Nullable String expression)
            throws IOException, NotOpenException {
        try {
            if (expression != null) {
                handle.setFilter(expression, BpfCompileMode.OPTIMIZE);
            }
        } catch (PcapNativeException e) {
            handle.close();
            throw new IOException(
                    "cannot compile capture.filter: "
                            + expression
                            + ": "
                            + e.getMessage()
                            + "; write it as pcap-filter(7) says",
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

    @Override
    public void run(BooleanSupplier stopping) throws IOException {
        int linkType = handle.getDlt().value();
        RawPacketListener listener = bytes -> deliver(bytes, linkType);
        try {
            while (!stopping.getAsBoolean()) {
                int delivered = handle.dispatch(DISPATCH_PACKETS, listener);
                handler.onBatchEnd();
                if (delivered == 0) {
                    LockSupport.parkNanos(IDLE_PAUSE_NANOS);
                    handler.onSilence(
                            TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis())
                                    - SETTLED_NANOS);
                }
            }
        } catch (PcapNativeException | NotOpenException e) {
            throw new InterfaceLostException(
                    "cannot read "
                            + networkInterface
                            + " any more: "
                            + e.getMessage()
                            + "; look at `ip -brief link show dev "
                            + networkInterface
                            + "`",
                    true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CaptureCounts counts() {
        if (!closed) {
            try {
                PcapStat told = handle.getStats();
                counts =
                        new CaptureCounts(
                                told.getNumPacketsReceived(), told.getNumPacketsDropped(), 0, 0);
            } catch (PcapNativeException | NotOpenException e) {
                // not counted by this kind of interface
            }
        }
        return counts;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        counts();
        closed = true;
        handle.close();
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
