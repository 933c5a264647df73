package minewatch.sensor.capture.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;
import org.jspecify.annotations.Nullable;

/// A network interface read through a ring that the kernel fills.
///
/// Each block is copied out into one buffer and given back before the work on it begins: the kernel
/// has room the sooner, and the copy fetches the frames into the cache. While blocks are ready no
/// system call is made; when none is, the thread waits in poll(2).
///
/// Nothing comes in between opening and [#run]: until then the filter lets nothing pass.
///
/// - **Thread:** as [LiveCapture] says.
/// - **Memory:** the ring, which is the kernel's and no part of the heap, and one block.
public final class RingCapture implements LiveCapture {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final int WAIT_MILLIS = 100;

    /// After so long without any frame let in there is no block to come.
    static final long LAST_BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(5 * RingSize.RETIRE_MILLIS);

    private final String networkInterface;
    private final PacketSocket socket;
    private final MappedRing ring;
    private final BlockReader reader;
    private final FrameHandler handler;
    private final FilterProgram filter;
    private final Runnable leave;
    private boolean closed;

    private RingCapture(
            String networkInterface,
            PacketSocket socket,
            MappedRing ring,
            LinkKind link,
            FrameHandler handler,
            FilterProgram filter,
            Runnable leave) {
        this.networkInterface = networkInterface;
        this.socket = socket;
        this.ring = ring;
        this.reader = new BlockReader(handler, link);
        this.handler = handler;
        this.filter = filter;
        this.leave = leave;
    }

    /// Whether this is a system that may have the ring: Linux, with 64-bit addresses.
    public static boolean isPossible() {
        return System.getProperty("os.name", "").equals("Linux")
                && System.getProperty("sun.arch.data.model", "64").equals("64");
    }

    /// Opens an interface with a ring of its own. One that is down is opened as well; [#run] tells.
    ///
    /// @throws minewatch.sensor.capture.UnsupportedCaptureException if libpcap may do what this
    ///   cannot
    /// @throws IOException with cause and remedy in one line
    public static RingCapture open(LiveConfig config, FrameHandler handler) throws IOException {
        return new RingGroup(config).open(handler);
    }

    static RingCapture open(LiveConfig config, RingGroup group, FrameHandler handler)
            throws IOException {
        String name = config.networkInterface();
        if (!isPossible()) {
            throw Remedies.unsupported(name, "this is no 64-bit Linux");
        }
        RingSize size = RingSize.of(config.ringBytes() / config.workers());
        long wanted = group.missing() * size.bytes();
        long available = RingSize.available(MEMINFO);
        if (wanted > available) {
            throw Remedies.tooLarge(wanted, available);
        }
        try {
            PacketSocket socket = PacketSocket.open();
            try {
                return open(config, size, socket, group, handler);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (SystemCallException e) {
            throw Remedies.cannotOpen(name, size, e);
        }
    }

    private static RingCapture open(
            LiveConfig config,
            RingSize size,
            PacketSocket socket,
            RingGroup group,
            FrameHandler handler)
            throws IOException {
        String name = config.networkInterface();
        int index = Libc.interfaceIndex(name);
        socket.filter(FilterProgram.NOTHING);
        socket.bind(index);
        LinkKind link = LinkKind.of(socket.hardwareType());
        if (link == null) {
            throw Remedies.unsupported(
                    name, "devices of kind " + socket.hardwareType() + " have frames of their own");
        }
        if (config.promiscuous()) {
            socket.joinPromiscuous(index);
        }
        if (config.hardwareTime()) {
            socket.preferHardwareTime();
        }
        String expression = config.filter();
        FilterProgram filter =
                expression == null
                        ? FilterProgram.EVERYTHING
                        : FilterCompiler.compile(name, expression);
        MappedRing ring = socket.ring(size);
        try {
            group.join(socket, index);
        } catch (SystemCallException e) {
            ring.close();
            throw e;
        }
        Runnable leave = () -> group.leave(index);
        return new RingCapture(name, socket, ring, link, handler, filter, leave);
    }

    @Override
    public void run(BooleanSupplier stopping) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(RingSize.BLOCK_BYTES, 64);
            letIn();
            while (!stopping.getAsBoolean()) {
                if (ring.isReady()) {
                    read(block);
                } else {
                    await(block);
                }
            }
            drain(block);
        } catch (SystemCallException e) {
            throw cannotRead(e);
        }
    }

    private IOException cannotRead(SystemCallException e) {
        return Remedies.cannotRead(networkInterface, String.valueOf(e.getMessage()));
    }

    /// From now on frames come in.
    void letIn() throws IOException {
        letPass(filter);
    }

    /// From now on none does.
    void shut() throws IOException {
        letPass(FilterProgram.NOTHING);
    }

    private void letPass(FilterProgram program) throws IOException {
        try {
            socket.filter(program);
        } catch (SystemCallException e) {
            throw cannotRead(e);
        }
    }

    boolean isReady() {
        return ring.isReady();
    }

    /// Takes the next block, whose frames the reader is then to hand on. Only if [#isReady()].
    BlockReader take(MemorySegment block) {
        reader.begin(block, ring.take(block));
        return reader;
    }

    /// Whether no block is ready.
    ///
    /// @throws IOException as [#run]
    boolean isSilent() throws IOException {
        try {
            PacketSocket.Wait found = socket.await(0);
            if (found == PacketSocket.Wait.ERROR) {
                InterfaceLostException lost = lost();
                if (lost != null) {
                    throw lost;
                }
            } else if (found == PacketSocket.Wait.NOTHING) {
                requireBound();
            }
            return found == PacketSocket.Wait.NOTHING;
        } catch (SystemCallException e) {
            throw cannotRead(e);
        }
    }

    @Override
    public double backlog() {
        return closed ? 0 : ring.backlog();
    }

    @Override
    public CaptureCounts counts() {
        if (!closed) {
            try {
                socket.readStatistics();
            } catch (SystemCallException e) {
                // then those of the last time
            }
        }
        return new CaptureCounts(
                socket.kernelPackets(), socket.kernelDrops(), socket.freezes(), reader.malformed());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        counts();
        closed = true;
        leave.run();
        try (socket;
                ring) {
            // the ring first, then the socket
        } catch (SystemCallException e) {
            throw new IllegalStateException(
                    e); // a file or mapping that is not ours: a mistake here
        }
    }

    private void read(MemorySegment block) {
        int length = ring.take(block);
        reader.read(block, length);
        handler.onBatchEnd();
    }

    private void await(MemorySegment block) throws IOException {
        switch (socket.await(WAIT_MILLIS)) {
            case READY -> {
                // the next look at the ring finds it
            }
            case ERROR -> {
                InterfaceLostException lost = lost();
                if (lost != null) {
                    if (lost.isGone()) {
                        drain(block);
                    }
                    throw lost;
                }
            }
            case NOTHING -> {
                requireBound();
                handler.onSilence(
                        TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - SETTLED_NANOS);
            }
        }
    }

    /// An interface that was down already goes away without a word.
    private void requireBound() throws IOException {
        if (!socket.isBound()) {
            throw Remedies.gone(networkInterface);
        }
    }

    /// What the error says that waits to be told; null if there is none.
    private @Nullable InterfaceLostException lost() throws IOException {
        int errno = socket.takeError();
        if (errno == 0) {
            return null;
        }
        if (errno != Errno.ENETDOWN) {
            throw Remedies.cannotRead(networkInterface, Errno.name(errno));
        }
        if (socket.isBound()) {
            socket.await(WAIT_MILLIS); // one that is removed goes down first
        }
        return socket.isBound() ? Remedies.down(networkInterface) : Remedies.gone(networkInterface);
    }

    /// Nothing comes in any more; what did is handed on. The kernel hands over the block it was
    /// filling when its time is over.
    private void drain(MemorySegment block) throws IOException {
        shut();
        long until = System.nanoTime() + LAST_BLOCK_NANOS;
        for (long left = LAST_BLOCK_NANOS; left > 0; left = until - System.nanoTime()) {
            while (ring.isReady()) {
                read(block);
            }
            if (socket.await(RingSize.RETIRE_MILLIS) == PacketSocket.Wait.ERROR) {
                socket.takeError(); // the interface may go down at this moment
            }
        }
        while (ring.isReady()) {
            read(block);
        }
    }
}
