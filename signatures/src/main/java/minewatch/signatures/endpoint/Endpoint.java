package minewatch.signatures.endpoint;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One row of an endpoint list: a name or an address of a pool. Immutable, shared by all threads.
///
/// @param pool the pool's short name, `f2pool`; empty where it is not known
/// @param host a domain name in lower case, `*.` before it where all names below it are meant; or
///   an IPv4 or IPv6 address
/// @param ports where it is mined at; empty: any
/// @param coins ticker symbols, empty where it is not known
/// @param flags what to beware of
/// @param firstSeen the first day it was known; null if not stated
/// @param lastSeen the last day it was known to serve; null if not stated
/// @param expires the day from which on it counts no more
/// @param source where it is known from
public record Endpoint(
        String pool,
        String host,
        List<Integer> ports,
        List<String> coins,
        Set<Flag> flags,
        @Nullable LocalDate firstSeen,
        @Nullable LocalDate lastSeen,
        LocalDate expires,
        String source) {
    /// Before a name: every name below it, not the name itself.
    public static final String BELOW = "*.";

    private static final long DAY_NANOS = 86_400_000_000_000L;

    /// What to beware of.
    public enum Flag {
        /// A web site: whoever visits it does not mine.
        SITE,
        /// Its addresses are shared with others (a CDN, a host of many).
        SHARED,
        /// Nobody has said where it was seen to serve; it weighs less.
        UNVERIFIED
    }

    /// @param nanos packet time, ns since the Unix epoch
    public boolean isCurrent(long nanos) {
        return Math.floorDiv(nanos, DAY_NANOS) < expires.toEpochDay();
    }

    public boolean has(Flag flag) {
        return flags.contains(flag);
    }

    public boolean servesOn(int port) {
        for (int i = 0; i < ports.size(); i++) { // contains() would make an object
            if (ports.get(i) == port) {
                return true;
            }
        }
        return ports.isEmpty();
    }

    boolean isName() {
        return host.indexOf(':') < 0 && !Character.isDigit(host.charAt(host.length() - 1));
    }
}
