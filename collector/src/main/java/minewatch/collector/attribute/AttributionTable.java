package minewatch.collector.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which registry rows cover an address at a time: an immutable snapshot of the registry, safe for
/// any number of threads. About 80 bytes a row; a look-up is a binary search and a short walk.
///
/// Prefixes either nest or are apart. So the address space falls into intervals within which the
/// same stack of prefixes covers every address:
///
/// ```
/// 10.0.0.0/8        [------------------------------]
/// 10.1.0.0/16             [------------]
/// 10.1.7.0/24                 [--]
/// starts            |     |   |  |     |            |
/// candidates        a     ba  cba ba   a            –      most specific first
/// ```
///
/// One sweep over the sorted prefixes yields the sorted starts and, for each, where its candidates
/// lie in one flat array. Validity in time is checked on the candidates, of which there are few.
///
/// Within one registry the most specific valid prefix speaks. Each registry speaks once, and where
/// they name different enterprises the answer is contested, however specific either prefix is: an
/// innocent company must not be named because the other book split its ranges more finely.
public final class AttributionTable {
    public static final AttributionTable EMPTY = of(List.of());

    /// Registries that may be held at once: one bit each while a look-up runs.
    public static final int MAX_SOURCES = 64;

    private final List<String> sources;
    private final List<Holder> holders;
    private final long[] ids;
    private final long[] validFrom;
    private final long[] validTo;
    private final int[] source;
    private final int[] holder;
    private final byte[] length;
    private final int[] useMode;
    private final List<UseMode> useModes;
    private final Intervals ipv4;
    private final Intervals ipv6;

    private AttributionTable(List<Allocation> allocations) {
        int count = allocations.size();
        ids = new long[count];
        validFrom = new long[count];
        validTo = new long[count];
        source = new int[count];
        holder = new int[count];
        length = new byte[count];
        useMode = new int[count];
        var sourceIndex = new Index<String>();
        var holderIndex = new Index<Holder>();
        var useModeIndex = new Index<UseMode>();
        for (int i = 0; i < count; i++) {
            Allocation row = allocations.get(i);
            ids[i] = row.id();
            validFrom[i] = row.validFromNanos();
            validTo[i] = row.validToNanos();
            source[i] = sourceIndex.of(row.source());
            holder[i] = holderIndex.of(row.holder());
            length[i] = (byte) row.prefix().length();
            useMode[i] = useModeIndex.of(row.useMode());
        }
        if (sourceIndex.values.size() > MAX_SOURCES) {
            throw new IllegalArgumentException(
                    "registries: " + sourceIndex.values.size() + " (expected: at most 64)");
        }
        sources = sourceIndex.values;
        holders = holderIndex.values;
        useModes = useModeIndex.values;
        ipv4 = Intervals.sweep(allocations, false);
        ipv6 = Intervals.sweep(allocations, true);
    }

    /// @param allocations in any order; the same prefix may occur for several times and registries
    public static AttributionTable of(List<Allocation> allocations) {
        return new AttributionTable(allocations);
    }

    public int size() {
        return ids.length;
    }

    /// @param address 4 or 16 octets, network order
    /// @param firstNanos begin of what was seen there, nanoseconds since the Unix epoch
    /// @param lastNanos its end; if the address changed hands in between, the answer is contested
    public Attribution attribute(byte[] address, long firstNanos, long lastNanos) {
        Attribution first = attribute(address, firstNanos);
        return firstNanos == lastNanos ? first : first.and(attribute(address, lastNanos));
    }

    /// @param atNanos nanoseconds since the Unix epoch
    public Attribution attribute(byte[] address, long atNanos) {
        Intervals intervals = address.length == 16 ? ipv6 : ipv4;
        long high = address.length == 16 ? IpPrefix.Octets.high(address) : 0;
        long low = IpPrefix.Octets.low(address);
        int interval = intervals.find(high, low);
        if (interval < 0) {
            return new Attribution.Unassigned();
        }
        @Nullable List<Allocation> claims = null;
        long spoken = 0; // registries that have spoken; bit = source index
        for (int i = intervals.from(interval); i < intervals.to(interval); i++) {
            int row = intervals.candidate(i);
            if (atNanos < validFrom[row] || atNanos >= validTo[row]) {
                continue;
            }
            long bit = 1L << source[row];
            if ((spoken & bit) != 0) {
                continue;
            }
            spoken |= bit;
            if (useModes.get(useMode[row]).namesEnterprise()) {
                claims = claims == null ? new ArrayList<>(2) : claims;
                claims.add(allocation(row, address));
            }
        }
        return claims == null
                ? new Attribution.Unassigned()
                : Attribution.of(inRegistryOrder(claims));
    }

    private List<Allocation> inRegistryOrder(List<Allocation> claims) {
        claims.sort(Comparator.comparing(Allocation::source));
        return claims;
    }

    private Allocation allocation(int row, byte[] address) {
        return new Allocation(
                ids[row],
                sources.get(source[row]),
                IpPrefix.of(address, length[row] & 0xFF),
                validFrom[row],
                validTo[row],
                holders.get(holder[row]),
                useModes.get(useMode[row]));
    }

    /// Numbers equal values once.
    private static final class Index<T> {
        private final Map<T, Integer> numbers = new HashMap<>();
        private final List<T> values = new ArrayList<>();

        int of(T value) {
            return numbers.computeIfAbsent(
                    value,
                    added -> {
                        values.add(added);
                        return values.size() - 1;
                    });
        }
    }

    /// The intervals of one address family. `first[i]`..`first[i + 1]` are the candidates of the
    /// addresses from `start i` until before `start i + 1`.
    private static final class Intervals {
        private long[] high;
        private long[] low;
        private int[] first;
        private int[] candidates;
        private int count;
        private int candidateCount;

        private Intervals(int prefixes, boolean ipv6) {
            high = new long[ipv6 ? 2 * prefixes + 1 : 0];
            low = new long[2 * prefixes + 1];
            first = new int[2 * prefixes + 2];
            candidates = new int[2 * prefixes + 16];
        }

        static Intervals sweep(List<Allocation> allocations, boolean ipv6) {
            int[] order = sorted(allocations, ipv6);
            var intervals = new Intervals(order.length, ipv6);
            int[] stack = new int[order.length];
            int depth = 0;
            for (int row : order) {
                IpPrefix prefix = allocations.get(row).prefix();
                depth = intervals.closeBefore(prefix, allocations, stack, depth);
                stack[depth++] = row;
                intervals.open(prefix.high(), prefix.low(), stack, depth);
            }
            intervals.closeBefore(null, allocations, stack, depth);
            intervals.trim();
            return intervals;
        }

        /// Rows of the family by start, the least specific first.
        private static int[] sorted(List<Allocation> allocations, boolean ipv6) {
            Comparator<Integer> byStart =
                    (a, b) -> {
                        IpPrefix left = allocations.get(a).prefix();
                        IpPrefix right = allocations.get(b).prefix();
                        int order = compare(left.high(), left.low(), right.high(), right.low());
                        return order != 0 ? order : Integer.compare(left.length(), right.length());
                    };
            return IntStream.range(0, allocations.size())
                    .filter(i -> allocations.get(i).prefix().ipv6() == ipv6)
                    .boxed()
                    .sorted(byStart)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        /// Pops what ends before `next` begins (everything, if null); after each end the rest of
        /// the stack goes on.
        private int closeBefore(
                @Nullable IpPrefix next,
                List<Allocation> allocations,
                int[] stack,
                int stackDepth) {
            int depth = stackDepth;
            while (depth > 0) {
                IpPrefix top = allocations.get(stack[depth - 1]).prefix();
                long endHigh = top.lastHigh();
                long endLow = top.lastLow();
                if (next != null && compare(endHigh, endLow, next.high(), next.low()) >= 0) {
                    return depth;
                }
                depth--;
                boolean lastOfAll =
                        top.ipv6() ? endHigh == -1L && endLow == -1L : endLow == 0xFFFF_FFFFL;
                if (!lastOfAll) {
                    long afterLow = endLow + 1;
                    open(afterLow == 0 ? endHigh + 1 : endHigh, afterLow, stack, depth);
                }
            }
            return depth;
        }

        /// From this address on, the stack's rows cover. A second call for one address replaces the
        /// first.
        private void open(long startHigh, long startLow, int[] stack, int depth) {
            if (count > 0 && startHigh == highAt(count - 1) && startLow == low[count - 1]) {
                count--;
                candidateCount = first[count];
            }
            if (high.length > 0) {
                high[count] = startHigh;
            }
            low[count] = startLow;
            first[count] = candidateCount;
            while (candidateCount + depth > candidates.length) {
                candidates = Arrays.copyOf(candidates, candidates.length * 2);
            }
            for (int i = depth - 1; i >= 0; i--) {
                candidates[candidateCount++] = stack[i];
            }
            count++;
            first[count] = candidateCount;
        }

        private void trim() {
            high = Arrays.copyOf(high, high.length == 0 ? 0 : count);
            low = Arrays.copyOf(low, count);
            first = Arrays.copyOf(first, count + 1);
            candidates = Arrays.copyOf(candidates, candidateCount);
        }

        /// @return the interval that holds the address, or -1 if it lies before all of them
        int find(long addressHigh, long addressLow) {
            int from = 0;
            int to = count - 1;
            while (from <= to) {
                int middle = (from + to) >>> 1;
                if (compare(highAt(middle), low[middle], addressHigh, addressLow) <= 0) {
                    from = middle + 1;
                } else {
                    to = middle - 1;
                }
            }
            return to;
        }

        int from(int interval) {
            return first[interval];
        }

        int to(int interval) {
            return first[interval + 1];
        }

        int candidate(int i) {
            return candidates[i];
        }

        private long highAt(int i) {
            return high.length == 0 ? 0 : high[i];
        }

        private static int compare(long aHigh, long aLow, long bHigh, long bLow) {
            int order = Long.compareUnsigned(aHigh, bHigh);
            return order != 0 ? order : Long.compareUnsigned(aLow, bLow);
        }
    }
}
