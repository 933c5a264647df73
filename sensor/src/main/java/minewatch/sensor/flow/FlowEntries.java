package minewatch.sensor.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/// Flow entries in flat native memory: open addressing, linear probing, backward shift on removal,
/// so that no dead entries pile up.
///
/// The memory is in chunks of 1 MiB, each a table of its own that some bits of the fingerprint
/// choose. To double, each chunk hands half its entries to a new one; nothing is held twice, so a
/// table that grows never needs more than it has in the end.
///
/// An entry is one aligned cache line:
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
/// An entry is named by the address of its line, which holds until the next [#claim], [#remove] or
/// [#clear]. Addresses come from here alone, never from a packet, so that the memory is read
/// without a bounds check: that saves a tenth of what a packet costs (`Replay` in bench/).
final class FlowEntries implements FlowView, AutoCloseable {
    static final int ENTRY = 64; // bytes

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /// All memory: an offset in it is an address.
    @SuppressWarnings("restricted")
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final int LOW = 8;
    private static final int FIRST_SEEN = 16;
    private static final int LAST_SEEN = 24;
    private static final int OCTETS = 32;
    private static final int PACKETS = 48;
    private static final int SESSION = 56;
    private static final int STATE = 60;
    private static final long OCTETS_MASK = (1L << 56) - 1;
    private static final long PACKETS_CARRY = 1L << 56;

    private static final int CHUNK_LOG = 20;
    private static final int CHUNK =
            1 << CHUNK_LOG; // bytes; also what its address is a multiple of
    private static final long CHUNK_MASK = CHUNK - 1;
    private static final int CHUNK_ENTRIES_LOG = CHUNK_LOG - 6;
    private static final int CHUNK_ENTRIES_MASK = (1 << CHUNK_ENTRIES_LOG) - 1;
    private static final int CHUNK_ROOM =
            3 << (CHUNK_ENTRIES_LOG - 2); // flows: three quarters full

    private final int initialChunks;
    private final int maxFlows;
    private final Deque<ChunkMemory> doublings =
            new ArrayDeque<>(); // the first size, then each doubling
    private final long[] chunks; // addresses
    private int chunkCount; // a power of two
    private int active;
    private long viewed; // the entry that FlowView shows

    FlowEntries(int initialFlows, int maxFlows) {
        initialChunks = chunksFor(initialFlows);
        this.maxFlows = maxFlows;
        chunks = new long[chunksFor(maxFlows)];
        addChunks(initialChunks);
    }

    /// Entries there are, empty ones too: a power of two.
    int count() {
        return chunkCount << CHUNK_ENTRIES_LOG;
    }

    /// One of the entries, empty ones too.
    ///
    /// @param index below [#count()]
    long at(int index) {
        return chunks[index >>> CHUNK_ENTRIES_LOG] + (long) (index & CHUNK_ENTRIES_MASK) * ENTRY;
    }

    int active() {
        return active;
    }

    boolean isFull() {
        return active >= maxFlows;
    }

    /// Loads the line where a search begins, so that it is on its way when the search comes.
    long touch(long high) {
        return MEMORY.get(LONG, home(high));
    }

    /// @return the entry; where there is none, the complement (`~`) of the empty one where the
    ///   search ended
    long find(long high, long low) {
        long at = home(high);
        while (true) {
            if (isOf(at, high, low)) {
                return at;
            }
            if (!isOccupied(at)) {
                return ~at;
            }
            at = nextInChunk(at);
        }
    }

    /// Whether what is there is the entry of this fingerprint.
    static boolean isOf(long at, long high, long low) {
        return MEMORY.get(LONG, at + LOW) == low && MEMORY.get(LONG, at) == high;
    }

    /// Takes an entry for a fingerprint that has none. The table must not be full.
    ///
    /// @param empty what [#find] has just answered the complement of
    long claim(long empty, long high, long low) {
        long at = empty;
        if (active >= chunkCount * CHUNK_ROOM && chunkCount < chunks.length) {
            doubleChunks();
            at = ~find(high, low);
        }
        active++;
        MEMORY.set(LONG, at, high);
        MEMORY.set(LONG, at + LOW, low);
        return at;
    }

    /// Sets everything but the fingerprint.
    void start(long at, long nanos, int state) {
        MEMORY.set(LONG, at + FIRST_SEEN, nanos);
        MEMORY.set(LONG, at + LAST_SEEN, nanos);
        MEMORY.set(LONG, at + OCTETS, 0);
        MEMORY.set(LONG, at + OCTETS + 8, 0);
        MEMORY.set(LONG, at + PACKETS, 0);
        MEMORY.set(INT, at + SESSION, SuspectHandler.NO_SESSION);
        MEMORY.set(INT, at + STATE, state);
    }

    /// An entry after it may move here.
    void remove(long at) {
        unlink(at);
        active--;
    }

    private static void unlink(long at) {
        long hole = at;
        long next = nextInChunk(hole);
        while (isOccupied(next)) {
            long home = homeInChunk(next, MEMORY.get(LONG, next));
            if (((next - home) & CHUNK_MASK) >= ((next - hole) & CHUNK_MASK)) {
                MemorySegment.copy(MEMORY, next, MEMORY, hole, ENTRY);
                hole = next;
            }
            next = nextInChunk(next);
        }
        MEMORY.set(LONG, hole + LOW, 0);
    }

    long low(long at) {
        return MEMORY.get(LONG, at + LOW);
    }

    static boolean isOccupied(long at) {
        return MEMORY.get(LONG, at + LOW) != 0;
    }

    void count(long at, boolean fromOriginator, int octets, long nanos) {
        int side = fromOriginator ? 0 : 1;
        long octetsAt = at + OCTETS + (side << 3);
        long packetsAt = at + PACKETS + (side << 2);
        int packets = MEMORY.get(INT, packetsAt) + 1;
        long carry = packets == 0 ? PACKETS_CARRY : 0;
        MEMORY.set(INT, packetsAt, packets);
        MEMORY.set(LONG, octetsAt, MEMORY.get(LONG, octetsAt) + octets + carry);
        if (nanos > lastSeen(at)) {
            MEMORY.set(LONG, at + LAST_SEEN, nanos);
        }
    }

    long lastSeen(long at) {
        return MEMORY.get(LONG, at + LAST_SEEN);
    }

    int session(long at) {
        return MEMORY.get(INT, at + SESSION);
    }

    void session(long at, int session) {
        MEMORY.set(INT, at + SESSION, session);
    }

    int state(long at) {
        return MEMORY.get(INT, at + STATE);
    }

    void state(long at, int state) {
        MEMORY.set(INT, at + STATE, state);
    }

    /// Whether all packets came from one side.
    boolean isOneSided(long at) {
        return MEMORY.get(INT, at + PACKETS) == 0 || MEMORY.get(INT, at + PACKETS + 4) == 0;
    }

    /// This table as a view of one entry.
    FlowView view(long at) {
        viewed = at;
        return this;
    }

    @Override
    public long firstSeenNanos() {
        return MEMORY.get(LONG, viewed + FIRST_SEEN);
    }

    @Override
    public long lastSeenNanos() {
        return lastSeen(viewed);
    }

    @Override
    public long packets() {
        return packets(0) + packets(1);
    }

    @Override
    public long octets() {
        return (MEMORY.get(LONG, viewed + OCTETS) & OCTETS_MASK)
                + (MEMORY.get(LONG, viewed + OCTETS + 8) & OCTETS_MASK);
    }

    @Override
    public boolean handshakeSeen() {
        return (state(viewed) & FlowState.HANDSHAKE) != 0;
    }

    private long packets(int side) {
        long high = MEMORY.get(LONG, viewed + OCTETS + side * 8L) >>> 56;
        return high << 32 | Integer.toUnsignedLong(MEMORY.get(INT, viewed + PACKETS + side * 4L));
    }

    /// The entry itself.
    MemorySegment line(long at) {
        return MEMORY.asSlice(at, ENTRY);
    }

    /// Forgets all entries and goes back to the first size.
    void clear() {
        while (doublings.size() > 1) {
            doublings.removeLast().close();
        }
        chunkCount = initialChunks;
        for (int i = 0; i < chunkCount; i++) {
            MEMORY.asSlice(chunks[i], CHUNK).fill((byte) 0);
        }
        active = 0;
    }

    /// Nothing may be asked of the table any more.
    @Override
    public void close() {
        chunkCount = 0;
        doublings.forEach(ChunkMemory::close);
        doublings.clear();
    }

    private void doubleChunks() {
        int before = chunkCount;
        addChunks(before);
        for (int i = 0; i < before; i++) {
            split(chunks[i], chunks[before + i], (long) before << CHUNK_ENTRIES_LOG);
        }
    }

    /// Moves the entries with this bit in their fingerprint to a new chunk.
    private static void split(long from, long to, long bit) {
        long at = from;
        while (at < from + CHUNK) {
            if (!isOccupied(at) || (MEMORY.get(LONG, at) & bit) == 0) {
                at += ENTRY;
            } else {
                append(to, at);
                unlink(at); // the next may have moved here
            }
        }
    }

    private static void append(long to, long at) {
        long free = homeInChunk(to, MEMORY.get(LONG, at));
        while (isOccupied(free)) {
            free = nextInChunk(free);
        }
        MemorySegment.copy(MEMORY, at, MEMORY, free, ENTRY);
    }

    @SuppressWarnings("MustBeClosedChecker") // close() and clear() do
    private void addChunks(int count) {
        ChunkMemory memory = new ChunkMemory((long) count << CHUNK_LOG, CHUNK);
        doublings.addLast(memory);
        long address = memory.address();
        for (int i = 0; i < count; i++) {
            chunks[chunkCount++] = address + ((long) i << CHUNK_LOG);
        }
    }

    private long home(long high) {
        return homeInChunk(chunks[(int) (high >>> CHUNK_ENTRIES_LOG) & (chunkCount - 1)], high);
    }

    /// @param inChunk any address in the chunk
    private static long homeInChunk(long inChunk, long high) {
        return (inChunk & ~CHUNK_MASK) | ((high & CHUNK_ENTRIES_MASK) * ENTRY);
    }

    private static long nextInChunk(long at) {
        return (at & ~CHUNK_MASK) | ((at + ENTRY) & CHUNK_MASK);
    }

    private static int chunksFor(int flows) {
        int chunks = 1;
        while ((long) chunks * CHUNK_ROOM < flows) {
            chunks <<= 1;
        }
        return chunks;
    }
}
