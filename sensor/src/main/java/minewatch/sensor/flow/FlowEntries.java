package minewatch.sensor.flow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Flow entries in one flat block of native memory: open addressing, linear probing, backward shift
/// on removal, so that no dead entries pile up. An entry is one aligned cache line:
///
/// ```
///  0  fingerprint, high 64 bits
///  8  fingerprint, low 64 bits      0: the entry is empty
/// 16  first seen, ns
/// 24  last seen, ns
/// 32  octets from the originator    low 56 bits; above: bits 32 to 39 of its packets
/// 40  octets from the responder     the same
/// 48  packets from the originator   low 32 bits
/// 52  packets from the responder    low 32 bits
/// 56  session handle, or -1
/// 60  state                         bits, see FlowState
/// ```
///
/// An entry is named by the offset of its line. An offset holds until the next [#claim] or
/// [#remove].
final class FlowEntries implements FlowView, AutoCloseable {
    static final int ENTRY = 64; // bytes

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final int LOW = 8;
    private static final int FIRST_SEEN = 16;
    private static final int LAST_SEEN = 24;
    private static final int OCTETS = 32;
    private static final int PACKETS = 48;
    private static final int SESSION = 56;
    private static final int STATE = 60;
    private static final long OCTETS_MASK = (1L << 56) - 1;
    private static final long PACKETS_CARRY = 1L << 56;

    private final int initialSlots;
    private final int maxFlows;
    private final int maxSlots;
    private Arena arena;
    private MemorySegment memory;
    private long mask; // of entry offsets
    private int slots;
    private int active;
    private long viewed; // the entry that FlowView shows

    FlowEntries(int initialFlows, int maxFlows) {
        initialSlots = slotsFor(initialFlows);
        this.maxFlows = maxFlows;
        maxSlots = slotsFor(maxFlows);
        arena = newArena();
        memory = allocate(arena, initialSlots);
        resized(initialSlots);
    }

    int slots() {
        return slots;
    }

    /// Keeps an offset inside the table.
    long offsetMask() {
        return mask;
    }

    int active() {
        return active;
    }

    boolean isFull() {
        return active >= maxFlows;
    }

    /// Loads the line where a search begins, so that it is on its way when the search comes.
    long touch(long high) {
        return memory.get(LONG, home(high));
    }

    /// @return the entry's offset; where there is none, the complement (`~`) of that of the empty
    ///   entry where the search ended
    long find(long high, long low) {
        long at = home(high);
        while (true) {
            long found = memory.get(LONG, at + LOW);
            if (found == low && memory.get(LONG, at) == high) {
                return at;
            }
            if (found == 0) {
                return ~at;
            }
            at = (at + ENTRY) & mask;
        }
    }

    /// Takes an entry for a fingerprint that has none. The table must not be full.
    ///
    /// @param empty the offset whose complement [#find] has just answered
    long claim(long empty, long high, long low) {
        long at = empty;
        if (active >= roomIn(slots) && slots < maxSlots) {
            grow();
            at = ~find(high, low);
        }
        active++;
        memory.set(LONG, at, high);
        memory.set(LONG, at + LOW, low);
        return at;
    }

    /// Sets everything but the fingerprint.
    void start(long at, long nanos, int state) {
        memory.set(LONG, at + FIRST_SEEN, nanos);
        memory.set(LONG, at + LAST_SEEN, nanos);
        memory.set(LONG, at + OCTETS, 0);
        memory.set(LONG, at + OCTETS + 8, 0);
        memory.set(LONG, at + PACKETS, 0);
        memory.set(INT, at + SESSION, SuspectHandler.NO_SESSION);
        memory.set(INT, at + STATE, state);
    }

    /// Entries after it may move to lower offsets, one of them to this.
    void remove(long at) {
        long hole = at;
        long next = (hole + ENTRY) & mask;
        while (memory.get(LONG, next + LOW) != 0) {
            long home = home(memory.get(LONG, next));
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                MemorySegment.copy(memory, next, memory, hole, ENTRY);
                hole = next;
            }
            next = (next + ENTRY) & mask;
        }
        memory.set(LONG, hole + LOW, 0);
        active--;
    }

    /// The entry itself.
    MemorySegment line(long at) {
        return memory.asSlice(at, ENTRY);
    }

    boolean isOccupied(long at) {
        return memory.get(LONG, at + LOW) != 0;
    }

    long next(long at) {
        return (at + ENTRY) & mask;
    }

    void count(long at, boolean fromOriginator, int octets, long nanos) {
        long side = fromOriginator ? 0 : 1;
        long octetsAt = at + OCTETS + (side << 3);
        long packetsAt = at + PACKETS + (side << 2);
        int packets = memory.get(INT, packetsAt) + 1;
        long carry = packets == 0 ? PACKETS_CARRY : 0;
        memory.set(INT, packetsAt, packets);
        memory.set(LONG, octetsAt, memory.get(LONG, octetsAt) + octets + carry);
        if (nanos > memory.get(LONG, at + LAST_SEEN)) {
            memory.set(LONG, at + LAST_SEEN, nanos);
        }
    }

    long lastSeen(long at) {
        return memory.get(LONG, at + LAST_SEEN);
    }

    int session(long at) {
        return memory.get(INT, at + SESSION);
    }

    void session(long at, int session) {
        memory.set(INT, at + SESSION, session);
    }

    int state(long at) {
        return memory.get(INT, at + STATE);
    }

    void state(long at, int state) {
        memory.set(INT, at + STATE, state);
    }

    /// This table as a view of one entry.
    FlowView view(long at) {
        viewed = at;
        return this;
    }

    @Override
    public long firstSeenNanos() {
        return memory.get(LONG, viewed + FIRST_SEEN);
    }

    @Override
    public long lastSeenNanos() {
        return memory.get(LONG, viewed + LAST_SEEN);
    }

    @Override
    public long packets() {
        return packets(0) + packets(1);
    }

    @Override
    public long octets() {
        return (memory.get(LONG, viewed + OCTETS) & OCTETS_MASK)
                + (memory.get(LONG, viewed + OCTETS + 8) & OCTETS_MASK);
    }

    @Override
    public boolean handshakeSeen() {
        return (state(viewed) & FlowState.HANDSHAKE) != 0;
    }

    private long packets(int side) {
        long high = memory.get(LONG, viewed + OCTETS + side * 8L) >>> 56;
        return high << 32 | Integer.toUnsignedLong(memory.get(INT, viewed + PACKETS + side * 4L));
    }

    /// Forgets all entries and goes back to the first size.
    void clear() {
        if (slots == initialSlots) {
            memory.fill((byte) 0);
        } else {
            arena.close();
            arena = newArena();
            memory = allocate(arena, initialSlots);
            resized(initialSlots);
        }
        active = 0;
    }

    @Override
    public void close() {
        arena.close();
    }

    private void grow() {
        MemorySegment old = memory;
        Arena oldArena = arena;
        arena = newArena();
        memory = allocate(arena, slots * 2);
        resized(slots * 2);
        for (long at = 0; at < old.byteSize(); at += ENTRY) {
            long low = old.get(LONG, at + LOW);
            if (low != 0) {
                MemorySegment.copy(old, at, memory, ~find(old.get(LONG, at), low), ENTRY);
            }
        }
        oldArena.close();
    }

    private void resized(int newSlots) {
        slots = newSlots;
        mask = ((long) newSlots - 1) * ENTRY;
    }

    private long home(long high) {
        return (high << 6) & mask;
    }

    @SuppressWarnings("MustBeClosedChecker") // close(), clear() and grow() do
    private static Arena newArena() {
        return Arena.ofShared();
    }

    private static MemorySegment allocate(Arena arena, int slots) {
        return arena.allocate((long) slots * ENTRY, ENTRY);
    }

    private static int roomIn(int slots) {
        return slots - (slots >> 2);
    }

    private static int slotsFor(int flows) {
        int slots = 16;
        while (roomIn(slots) < flows) {
            slots <<= 1;
        }
        return slots;
    }
}
