package minewatch.sensor.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import minewatch.sensor.decode.Decoder;

/// Flow entries in flat native memory: open addressing, linear probing, backward shift on removal,
/// so that no dead entries pile up.
///
/// The memory is in chunks of 1 MiB, each a table of its own that some bits of the fingerprint
/// choose. To double, each chunk hands half its entries to a new one; nothing is held twice, so a
/// table that grows never needs more than it has in the end.
///
/// Beside each chunk lie its tags: a byte for each entry, 0 where it is empty, else some bits of
/// its fingerprint. A search compares eight tags at once, and nearly always reads no entry but the
/// one it looks for ([Swiss tables](https://abseil.io/about/design/swisstables) do the same).
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
    static final int GROUP = Long.BYTES; // tags compared at once

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte TAG = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfLong TAGS = LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

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

    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = EACH << 7;
    private static final int TAG_SHIFT = 56; // bits that choose neither chunk nor entry
    private static final int OCCUPIED = 0x80; // the highest bit, in every tag of an entry

    /// Bytes: the tags of a chunk, the first ones once more, since a group may reach beyond the
    /// last, and the rest of a cache line.
    private static final int CHUNK_TAGS = (1 << CHUNK_ENTRIES_LOG) + 64;

    private final int initialChunks;
    private final int maxFlows;
    private final Deque<ChunkMemory> doublings =
            new ArrayDeque<>(); // the first size, then each doubling
    private final long[] chunks; // addresses
    private final long[] tags; // of each chunk, addresses
    private int chunkCount; // a power of two
    private int active;
    private int hand; // index that next() goes on from, a multiple of GROUP
    private final long[] groups = new long[Decoder.BATCH]; // tags
    private long viewed; // the entry that FlowView shows

    @SuppressWarnings("UnusedVariable") // keeps the loads of load() alive
    private long loaded;

    FlowEntries(int initialFlows, int maxFlows) {
        initialChunks = chunksFor(initialFlows);
        this.maxFlows = maxFlows;
        chunks = new long[chunksFor(maxFlows)];
        tags = new long[chunks.length];
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

    /// Looks a batch up as far as memory can be asked for side by side: each loop is short, so that
    /// the processor, which looks some hundred instructions ahead, waits for all its loads at once.
    ///
    /// @param high of each fingerprint, up to [Decoder#BATCH]
    /// @param entries becomes where each most likely is, told by the tags alone; where none has the
    ///   fingerprint's, the empty entry that would be its. [#isOf] says whether it is, and [#find]
    ///   where else. Their lines are loaded
    void seek(long[] high, int count, long[] entries) {
        for (int i = 0; i < count; i++) {
            entries[i] = tags[chunkOf(high[i])] + homeOf(high[i]);
        }
        for (int i = 0; i < count; i++) {
            groups[i] = MEMORY.get(TAGS, entries[i]);
        }
        for (int i = 0; i < count; i++) {
            entries[i] = candidate(high[i], groups[i]);
        }
        load(entries, count);
    }

    private void load(long[] entries, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += MEMORY.get(LONG, entries[i]);
        }
        loaded = sum;
    }

    /// @param group the tags that a search begins with
    private long candidate(long high, long group) {
        long equal = zeros(group ^ EACH * tag(high));
        int index = homeOf(high) + first(equal != 0 ? equal : empty(group));
        return entry(chunks[chunkOf(high)], index);
    }

    /// @return the entry; where there is none, the complement (`~`) of the empty one where the
    ///   search ended
    long find(long high, long low) {
        int chunk = chunkOf(high);
        int from = homeOf(high);
        while (true) {
            long group = MEMORY.get(TAGS, tags[chunk] + from);
            long equal = zeros(group ^ EACH * tag(high));
            while (equal != 0) {
                long at = entry(chunks[chunk], from + first(equal));
                if (isOf(at, high, low)) {
                    return at;
                }
                equal &= equal - 1;
            }
            if (empty(group) != 0) {
                return ~entry(chunks[chunk], from + first(empty(group)));
            }
            from = from + GROUP & CHUNK_ENTRIES_MASK;
        }
    }

    /// The highest bit of each byte of a group whose entry is empty.
    private static long empty(long group) {
        return ~group & HIGHEST_BITS;
    }

    /// The highest bit of each byte that is 0; of a byte that is 1 as well where it comes after
    /// one, which [#isOf] tells.
    private static long zeros(long bytes) {
        return bytes - EACH & ~bytes & HIGHEST_BITS;
    }

    /// Which byte has the first of these bits; 8: none.
    private static int first(long bits) {
        return Long.numberOfTrailingZeros(bits) >>> 3;
    }

    private static long tag(long high) {
        return high >>> TAG_SHIFT | OCCUPIED;
    }

    /// Whether what is there is the entry of this fingerprint.
    static boolean isOf(long at, long high, long low) {
        return MEMORY.get(LONG, at + LOW) == low && MEMORY.get(LONG, at) == high;
    }

    /// Goes on round the table, to some entries that are not empty, and loads their lines.
    ///
    /// @param entries room for [#GROUP] more than asked for
    /// @param least how many at least; never more than there are
    /// @return how many
    int next(long[] entries, int least) {
        int found = 0;
        while (found < Math.min(least, active)) {
            int from = hand & count() - 1;
            hand = from + GROUP;
            int index = from & CHUNK_ENTRIES_MASK;
            long occupied =
                    MEMORY.get(TAGS, tags[from >>> CHUNK_ENTRIES_LOG] + index) & HIGHEST_BITS;
            while (occupied != 0) {
                entries[found++] =
                        entry(chunks[from >>> CHUNK_ENTRIES_LOG], index + first(occupied));
                occupied &= occupied - 1;
            }
        }
        load(entries, found);
        return found;
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
        setTag(tags[chunkOf(high)], at, tag(high));
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
        unlink(at, tags[chunkOf(MEMORY.get(LONG, at))]);
        active--;
    }

    /// @param tags of the chunk
    private static void unlink(long at, long tags) {
        long hole = at;
        long next = nextInChunk(hole);
        while (isOccupied(next)) {
            long home = homeInChunk(next, MEMORY.get(LONG, next));
            if (((next - home) & CHUNK_MASK) >= ((next - hole) & CHUNK_MASK)) {
                move(next, hole, tags);
                hole = next;
            }
            next = nextInChunk(next);
        }
        MEMORY.set(LONG, hole + LOW, 0);
        setTag(tags, hole, 0);
    }

    /// @param tags of the chunk that the entry moves to
    private static void move(long from, long to, long tags) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, ENTRY);
        setTag(tags, to, tag(MEMORY.get(LONG, from)));
    }

    /// @param tags of the chunk
    private static void setTag(long tags, long at, long tag) {
        long index = (at & CHUNK_MASK) / ENTRY;
        MEMORY.set(TAG, tags + index, (byte) tag);
        if (index < GROUP) {
            MEMORY.set(TAG, tags + CHUNK_ENTRIES_MASK + 1 + index, (byte) tag);
        }
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
            MEMORY.asSlice(tags[i], CHUNK_TAGS).fill((byte) 0);
        }
        active = 0;
        hand = 0;
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
            split(i, before + i, (long) before << CHUNK_ENTRIES_LOG);
        }
    }

    /// Moves the entries with this bit in their fingerprint to a new chunk.
    private void split(int from, int to, long bit) {
        long at = chunks[from];
        while (at < chunks[from] + CHUNK) {
            if (!isOccupied(at) || (MEMORY.get(LONG, at) & bit) == 0) {
                at += ENTRY;
            } else {
                append(to, at);
                unlink(at, tags[from]); // the next may have moved here
            }
        }
    }

    private void append(int to, long at) {
        long free = homeInChunk(chunks[to], MEMORY.get(LONG, at));
        while (isOccupied(free)) {
            free = nextInChunk(free);
        }
        move(at, free, tags[to]);
    }

    /// The tags lie behind all chunks, in the same memory: what is in huge pages for the one is so
    /// for the other.
    @SuppressWarnings("MustBeClosedChecker") // close() and clear() do
    private void addChunks(int count) {
        long bytes = (long) count << CHUNK_LOG;
        ChunkMemory memory = new ChunkMemory(bytes + (long) count * CHUNK_TAGS, CHUNK);
        doublings.addLast(memory);
        for (int i = 0; i < count; i++) {
            tags[chunkCount] = memory.address() + bytes + (long) i * CHUNK_TAGS;
            chunks[chunkCount++] = memory.address() + ((long) i << CHUNK_LOG);
        }
    }

    private int chunkOf(long high) {
        return (int) (high >>> CHUNK_ENTRIES_LOG) & (chunkCount - 1);
    }

    private static int homeOf(long high) {
        return (int) high & CHUNK_ENTRIES_MASK;
    }

    /// @param index in the chunk; beyond the last the first follow
    private static long entry(long chunk, int index) {
        return chunk + (long) (index & CHUNK_ENTRIES_MASK) * ENTRY;
    }

    /// @param inChunk any address in the chunk
    private static long homeInChunk(long inChunk, long high) {
        return entry(inChunk & ~CHUNK_MASK, homeOf(high));
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
