package minewatch.sensor.capture.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.LiveCapture;
import org.jspecify.annotations.Nullable;

/// Several interfaces read as one, such as the two fibres of an optical tap, each of which carries
/// one direction.
///
/// Their frames are handed on in the order of their times, so that a reply does not come before its
/// request: a frame waits until each other interface has one at hand, or so long that none earlier
/// can come. Where the clocks of the interfaces are not this machine's, or a ring fills up, it does
/// not wait.
///
/// - **Thread:** as [LiveCapture] says.
/// - **Memory:** the rings, and a block of each.
public final class TapCapture implements LiveCapture {
    /// A block that holds a frame is handed over after two rounds of the kernel's timer at most.
    private static final long HELD_NANOS =
            TimeUnit.MILLISECONDS.toNanos(2 * RingSize.RETIRE_MILLIS + 10);

    private static final double FULL = 0.25; // of a ring: then nothing waits
    private static final int BATCH = 1024; // frames
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Port[] ports;
    private final FrameHandler handler;
    private final Runnable leave;
    private long nowNanos; // since the Unix epoch; a little late
    private long lookedAt = System.nanoTime();
    private boolean closed;

    /// @param rings one of each interface, with this handler
    /// @param leave called once, when all are closed
    TapCapture(List<RingCapture> rings, FrameHandler handler, Runnable leave) {
        this.ports = rings.stream().map(Port::new).toArray(Port[]::new);
        this.handler = handler;
        this.leave = leave;
    }

    /// One of the interfaces.
    private static final class Port {
        private final RingCapture ring;
        private MemorySegment block = MemorySegment.NULL;
        private @Nullable BlockReader reader; // null: no frame at hand

        Port(RingCapture ring) {
            this.ring = ring;
        }
    }

    @Override
    public void run(BooleanSupplier stopping) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            for (Port port : ports) {
                port.block = arena.allocate(RingSize.BLOCK_BYTES, 64);
                port.ring.letIn();
            }
            try {
                while (!stopping.getAsBoolean()) {
                    if (!readSome()) {
                        LockSupport.parkNanos(REST_NANOS);
                    }
                    lookIfDue();
                }
                drain();
            } catch (IOException e) {
                if (e instanceof InterfaceLostException lost && lost.isGone()) {
                    drain();
                } else {
                    handOnAtHand();
                }
                throw e;
            }
        }
    }

    /// @return false if there is nothing to be handed on now
    private boolean readSome() {
        int frames = 0;
        while (frames < BATCH && step()) {
            frames++;
        }
        handler.onBatchEnd();
        return frames > 0;
    }

    /// Hands on the earliest frame.
    ///
    /// @return false if there is none, or an earlier one may come
    private boolean step() {
        boolean allAtHand = true;
        for (Port port : ports) {
            allAtHand &= fill(port);
        }
        Port earliest = earliestAtHand();
        if (earliest == null || !allAtHand && mustWait(earliest)) {
            return false;
        }
        handOn(earliest);
        return true;
    }

    private @Nullable Port earliestAtHand() {
        Port earliest = null;
        for (Port port : ports) {
            if (port.reader != null && (earliest == null || nanos(port) < nanos(earliest))) {
                earliest = port;
            }
        }
        return earliest;
    }

    private boolean mustWait(Port port) {
        long nanos = nanos(port);
        if (nowNanos - nanos >= HELD_NANOS) {
            return false;
        }
        nowNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        long age = nowNanos - nanos;
        boolean ofThisClock = age > -HELD_NANOS;
        return ofThisClock && age < HELD_NANOS && port.ring.backlog() < FULL;
    }

    /// Sees to it that a frame is at hand, if the ring has any.
    private boolean fill(Port port) {
        while (port.reader == null) {
            if (!port.ring.isReady()) {
                return false;
            }
            handler.onBatchEnd(); // the block is used again
            BlockReader reader = port.ring.take(port.block);
            port.reader = reader.hasNext() ? reader : null;
        }
        return true;
    }

    private static long nanos(Port port) {
        return reader(port).nextNanos();
    }

    private static void handOn(Port port) {
        BlockReader reader = reader(port);
        reader.next();
        if (!reader.hasNext()) {
            port.reader = null;
        }
    }

    private static BlockReader reader(Port port) {
        BlockReader reader = port.reader;
        if (reader == null) {
            throw new IllegalStateException("no frame at hand");
        }
        return reader;
    }

    private void lookIfDue() throws IOException {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_NANOS) {
            return;
        }
        lookedAt = now;
        boolean silent = true;
        for (Port port : ports) {
            silent &= port.ring.isSilent() && port.reader == null;
        }
        if (silent) {
            handler.onSilence(
                    TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - SETTLED_NANOS);
        }
    }

    /// Nothing comes in any more; what did is handed on.
    private void drain() throws IOException {
        for (Port port : ports) {
            port.ring.shut();
        }
        long began = System.nanoTime();
        while (System.nanoTime() - began < RingCapture.LAST_BLOCK_NANOS) {
            if (!readSome()) {
                LockSupport.parkNanos(REST_NANOS);
            }
        }
        boolean more;
        do {
            more = readSome(); // nothing waits any more: all is older than that
        } while (more);
    }

    /// What has been taken out of the rings already, which the next [#run] would not have.
    private void handOnAtHand() {
        for (Port port = earliestAtHand(); port != null; port = earliestAtHand()) {
            handOn(port);
        }
        handler.onBatchEnd();
    }

    @Override
    public double backlog() {
        double most = 0;
        for (Port port : ports) {
            most = Math.max(most, port.ring.backlog());
        }
        return most;
    }

    @Override
    public CaptureCounts counts() {
        CaptureCounts sum = CaptureCounts.NONE;
        for (Port port : ports) {
            sum = sum.plus(port.ring.counts());
        }
        return sum;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Port port : ports) {
            port.ring.close();
        }
        leave.run();
    }
}
