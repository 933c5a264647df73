package minewatch.sensor.flow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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
/// An entry is named by the offset of its line, counted through all chunks. An offset holds until
/// the next [#claim] or [#remove].
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

    private static final int CHUNK_LOG = 20;
    private static final int CHUNK = 1 << CHUNK_LOG; // bytes
    private static final int CHUNK_MASK = CHUNK - 1;
    private static final int CHUNK_ENTRIES_LOG = CHUNK_LOG - 6;
    private static final int CHUNK_ROOM =
            3 << (CHUNK_ENTRIES_LOG - 2); // flows: three quarters full

    private final int initialChunks;
    private final int maxFlows;
    private final int maxChunks;
    private final Arena[] arenas;
    private final MemorySegment[] chunks;
    private int chunkCount; // a power of two
    private int active;
    private long viewed; // the entry that FlowView shows

    FlowEntries(int initialFlows, int maxFlows) {
        initialChunks = chunksFor(initialFlows);
        this.maxFlows = maxFlows;
        maxChunks = chunksFor(maxFlows);
        arenas = new Arena[maxChunks];
        chunks = new MemorySegment[maxChunks];
        while (chunkCount < initialChunks) {
            addChunk(chunkCount++);
        }
    }

    /// Bytes: offsets are below it.
    long size() {
        return (long) chunkCount << CHUNK_LOG;
    }

    /// Entries there are, empty ones too.
    int count() {
        return chunkCount << CHUNK_ENTRIES_LOG;
    }

    int active() {
        return active;
    }

    boolean isFull() {
        return active >= maxFlows;
    }

    /// Loads the line where a search begins, so that it is on its way when the search comes.
    long touch(long high) {
        long at = home(high);
        return chunk(at).get(LONG, at & CHUNK_MASK);
    }

    /// @return the entry's offset; where there is none, the complement (`~`) of that of the empty
    ///   entry where the search ended
    long find(long high, long low) {
        long home = home(high);
        MemorySegment chunk = chunk(home);
        int at = (int) home & CHUNK_MASK;
        while (true) {
            long found = chunk.get(LONG, at + LOW);
            if (found == low && chunk.get(LONG, at) == high) {
                return (home & ~CHUNK_MASK) | at;
            }
            if (found == 0) {
                return ~((home & ~CHUNK_MASK) | at);
            }
            at = (at + ENTRY) & CHUNK_MASK;
        }
    }

    /// Takes an entry for a fingerprint that has none. The table must not be full.
    ///
    /// @param empty the offset whose complement [#find] has just answered
    long claim(long empty, long high, long low) {
        long at = empty;
        if (active >= chunkCount * CHUNK_ROOM && chunkCount < maxChunks) {
            doubleChunks();
            at = ~find(high, low);
        }
        active++;
        chunk(at).set(LONG, (at & CHUNK_MASK), high);
        chunk(at).set(LONG, (at & CHUNK_MASK) + LOW, low);
        return at;
    }

    /// Sets everything but the fingerprint.
    void start(long at, long nanos, int state) {
        MemorySegment chunk = chunk(at);
        int entry = (int) at & CHUNK_MASK;
        chunk.set(LONG, entry + FIRST_SEEN, nanos);
        chunk.set(LONG, entry + LAST_SEEN, nanos);
        chunk.set(LONG, entry + OCTETS, 0);
        chunk.set(LONG, entry + OCTETS + 8, 0);
        chunk.set(LONG, entry + PACKETS, 0);
        chunk.set(INT, entry + SESSION, SuspectHandler.NO_SESSION);
        chunk.set(INT, entry + STATE, state);
    }

    /// Entries after it may move to offsets before theirs, one of them to this.
    void remove(long at) {
        remove(chunk(at), (int) at & CHUNK_MASK);
        active--;
    }

    private static void remove(MemorySegment chunk, int at) {
        int hole = at;
        int next = (hole + ENTRY) & CHUNK_MASK;
        while (chunk.get(LONG, next + LOW) != 0) {
            int home = homeInChunk(chunk.get(LONG, next));
            if (((next - home) & CHUNK_MASK) >= ((next - hole) & CHUNK_MASK)) {
                MemorySegment.copy(chunk, next, chunk, hole, ENTRY);
                hole = next;
            }
            next = (next + ENTRY) & CHUNK_MASK;
        }
        chunk.set(LONG, hole + LOW, 0);
    }

    /// The entry itself.
    MemorySegment line(long at) {
        return chunk(at).asSlice(at & CHUNK_MASK, ENTRY);
    }

    boolean isOccupied(long at) {
        return chunk(at).get(LONG, (at & CHUNK_MASK) + LOW) != 0;
    }

    /// The entry after this one, of all chunks; after the last the first.
    long next(long at) {
        return (at + ENTRY) & (size() - 1);
    }

    void count(long at, boolean fromOriginator, int octets, long nanos) {
        MemorySegment chunk = chunk(at);
        int entry = (int) at & CHUNK_MASK;
        int side = fromOriginator ? 0 : 1;
        int octetsAt = entry + OCTETS + (side << 3);
        int packetsAt = entry + PACKETS + (side << 2);
        int packets = chunk.get(INT, packetsAt) + 1;
        long carry = packets == 0 ? PACKETS_CARRY : 0;
        chunk.set(INT, packetsAt, packets);
        chunk.set(LONG, octetsAt, chunk.get(LONG, octetsAt) + octets + carry);
        if (nanos > chunk.get(LONG, entry + LAST_SEEN)) {
            chunk.set(LONG, entry + LAST_SEEN, nanos);
        }
    }

    long lastSeen(long at) {
        return chunk(at).get(LONG, (at & CHUNK_MASK) + LAST_SEEN);
    }

    int session(long at) {
        return chunk(at).get(INT, (at & CHUNK_MASK) + SESSION);
    }

    void session(long at, int session) {
        chunk(at).set(INT, (at & CHUNK_MASK) + SESSION, session);
    }

    int state(long at) {
        return chunk(at).get(INT, (at & CHUNK_MASK) + STATE);
    }

    void state(long at, int state) {
        chunk(at).set(INT, (at & CHUNK_MASK) + STATE, state);
    }

    /// This table as a view of one entry.
    FlowView view(long at) {
        viewed = at;
        return this;
    }

    @Override
    public long firstSeenNanos() {
        return chunk(viewed).get(LONG, (viewed & CHUNK_MASK) + FIRST_SEEN);
    }

    @Override
    public long lastSeenNanos() {
        return chunk(viewed).get(LONG, (viewed & CHUNK_MASK) + LAST_SEEN);
    }

    @Override
    public long packets() {
        return packets(0) + packets(1);
    }

    @Override
    public long octets() {
        return (chunk(viewed).get(LONG, (viewed & CHUNK_MASK) + OCTETS) & OCTETS_MASK)
                + (chunk(viewed).get(LONG, (viewed & CHUNK_MASK) + OCTETS + 8) & OCTETS_MASK);
    }

    /// Whether all packets came from one side.
    boolean isOneSided(long at) {
        MemorySegment chunk = chunk(at);
        int entry = (int) at & CHUNK_MASK;
        return chunk.get(INT, entry + PACKETS) == 0 || chunk.get(INT, entry + PACKETS + 4) == 0;
    }

    @Override
    public boolean handshakeSeen() {
        return (state(viewed) & FlowState.HANDSHAKE) != 0;
    }

    private long packets(int side) {
        long high = chunk(viewed).get(LONG, (viewed & CHUNK_MASK) + OCTETS + side * 8L) >>> 56;
        return high << 32
                | Integer.toUnsignedLong(
                        chunk(viewed).get(INT, (viewed & CHUNK_MASK) + PACKETS + side * 4L));
    }

    /// Forgets all entries and goes back to the first size.
    void clear() {
        while (chunkCount > initialChunks) {
            arenas[--chunkCount].close();
        }
        for (int i = 0; i < chunkCount; i++) {
            chunks[i].fill((byte) 0);
        }
        active = 0;
    }

    @Override
    public void close() {
        while (chunkCount > 0) {
            arenas[--chunkCount].close();
        }
    }

    private void doubleChunks() {
        int before = chunkCount;
        for (int i = 0; i < before; i++) {
            addChunk(before + i);
            split(chunks[i], chunks[before + i], (long) before << CHUNK_ENTRIES_LOG);
        }
        chunkCount = before * 2;
    }

    /// Moves the entries with this bit in their fingerprint to a new chunk.
    private static void split(MemorySegment from, MemorySegment to, long bit) {
        int at = 0;
        while (at < CHUNK) {
            if (from.get(LONG, at + LOW) == 0 || (from.get(LONG, at) & bit) == 0) {
                at += ENTRY;
            } else {
                append(to, from, at);
                remove(from, at); // the next may have moved here
            }
        }
    }

    private static void append(MemorySegment to, MemorySegment from, int at) {
        int free = homeInChunk(from.get(LONG, at));
        while (to.get(LONG, free + LOW) != 0) {
            free = (free + ENTRY) & CHUNK_MASK;
        }
        MemorySegment.copy(from, at, to, free, ENTRY);
    }

    @SuppressWarnings("MustBeClosedChecker") // close() and clear() do
    private void addChunk(int index) {
        arenas[index] = Arena.ofShared();
        chunks[index] = arenas[index].allocate(CHUNK, ENTRY);
    }

    private MemorySegment chunk(long at) {
        return chunks[(int) (at >>> CHUNK_LOG)];
    }

    private long home(long high) {
        return (high << 6) & (size() - 1);
    }

    private static int homeInChunk(long high) {
        return (int) (high << 6) & CHUNK_MASK;
    }

    private static int chunksFor(int flows) {
        int chunks = 1;
        while ((long) chunks * CHUNK_ROOM < flows) {
            chunks <<= 1;
        }
        return chunks;
    }
}
