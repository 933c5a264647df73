package minewatch.sensor.inspect.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.FindingHandler;
import minewatch.signatures.Weights;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.endpoint.Endpoints;
import org.jspecify.annotations.Nullable;

/// Watches for known pools by name and by address: in DNS messages, and where connections begin.
///
/// What it sees of a source is at most `possible`: who asks for a pool's name may do so for many
/// reasons. Not reported are names that a browser asks for, the web sites of pools, and what a
/// resolver asks on behalf of others.
///
/// - **Memory:** [#MAX_SIGHTINGS] sources with what they asked for, 8,192 learned addresses.
/// - **Thread:** the worker's own.
public final class EndpointWatch {
    static final int MAX_SIGHTINGS = 10_000;
    private static final int MAX_ADDRESSES = DnsReader.MAX_RECORDS;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private record Seen(Clue clue, long high, long low, int endpoint) {}

    private final Endpoints endpoints;
    private final Weights weights;
    private final DnsReader dns = new DnsReader();
    private final LearnedAddresses learned = new LearnedAddresses();
    private final Resolvers resolvers = new Resolvers();
    private final Map<Seen, Sighting> sightings = new HashMap<>();
    private final Answer answer = new Answer();
    private long refused;
    private long malformed;

    public EndpointWatch(Endpoints endpoints, Weights weights) {
        this.endpoints = endpoints;
        this.weights = weights;
    }

    /// A DNS message, `data[start, end)`, that this packet carried.
    public void onDns(PacketView packet, byte[] data, int start, int end) {
        DnsReader.Result result = read(packet, data, start, end);
        if (result == DnsReader.Result.MALFORMED) {
            malformed++;
        }
        if (!isOfPool(result, packet)) {
            return;
        }
        boolean asks = result == DnsReader.Result.QUESTION;
        String name = answer.name();
        Sighting sighting =
                sighting(
                        Clue.DNS,
                        asks ? packet.sourceHigh() : packet.destinationHigh(),
                        asks ? packet.sourceLow() : packet.destinationLow(),
                        answer.endpoint,
                        packet,
                        name);
        if (sighting != null) {
            sighting.byBrowser |= dns.asksLikeBrowser();
        }
        if (!asks) {
            learn(name, packet.timestampNanos());
        }
    }

    /// As [#onDns], of a message that another watch books.
    public void onDnsOfOther(PacketView packet, byte[] data, int start, int end) {
        DnsReader.Result result = read(packet, data, start, end);
        if (result != DnsReader.Result.QUESTION && isOfPool(result, packet)) {
            learn(answer.name(), packet.timestampNanos());
        }
    }

    private DnsReader.Result read(PacketView packet, byte[] data, int start, int end) {
        answer.clear();
        DnsReader.Result result = dns.read(data, start, end, answer);
        if (result == DnsReader.Result.ANSWER_OF_RESOLVER) {
            resolvers.add(packet.sourceHigh(), packet.sourceLow());
        }
        return result;
    }

    /// Whether the message in hand leads to a pool.
    private boolean isOfPool(DnsReader.Result result, PacketView packet) {
        return answer.endpoint != Endpoints.NONE
                && result != DnsReader.Result.OTHER
                && counts(endpoints.get(answer.endpoint), packet.timestampNanos());
    }

    /// A TCP flow begins with this packet, or is first seen in its middle.
    ///
    /// @return whether one of its ends is a pool's
    public boolean onBegin(PacketView packet) {
        boolean opening = packet.hasTcpFlag(PacketView.TCP_SYN);
        boolean answers = opening && packet.hasTcpFlag(PacketView.TCP_ACK);
        return (!answers && begins(packet, true))
                || ((answers || !opening) && begins(packet, false));
    }

    private boolean begins(PacketView packet, boolean toPool) {
        int found =
                toPool
                        ? find(
                                packet.destinationHigh(),
                                packet.destinationLow(),
                                packet.destinationPort(),
                                packet.timestampNanos())
                        : find(
                                packet.sourceHigh(),
                                packet.sourceLow(),
                                packet.sourcePort(),
                                packet.timestampNanos());
        if (found != Endpoints.NONE) {
            connect(found, packet, toPool);
        }
        return found != Endpoints.NONE;
    }

    /// The pool at an address, or null.
    public @Nullable KnownPool byAddress(long high, long low, int port, long nanos) {
        KnownPool known = null;
        int handle = learned.find(high, low, nanos);
        if (handle >= 0) {
            known =
                    KnownPool.of(
                            endpoints.get(learned.endpoint(handle)),
                            learned.name(handle),
                            Clue.DNS);
        }
        int listed = endpoints.byAddress(high, low, port);
        if (listed != Endpoints.NONE && endpoints.get(listed).isCurrent(nanos)) {
            KnownPool byList = KnownPool.of(endpoints.get(listed), "", Clue.ADDRESS);
            known = known == null ? byList : known.and(byList);
        }
        return known;
    }

    /// The pool an HTTP request named, or null.
    ///
    /// @param host value of the header `Host`, without a port
    public @Nullable KnownPool byHost(byte[] host, long nanos) {
        return byName(Clue.HOST, host, 0, host.length, nanos);
    }

    /// The pool a TLS client named, or null. `name[start, end)`, as on the wire.
    public @Nullable KnownPool bySni(byte[] name, int start, int end, long nanos) {
        return byName(Clue.SNI, name, start, end, nanos);
    }

    /// The pool a certificate names, or null. `name[start, end)`, with `*.` where it is for all
    /// names below.
    public @Nullable KnownPool byCertificate(byte[] name, int start, int end, long nanos) {
        boolean star = end - start > 2 && name[start] == '*' && name[start + 1] == '.';
        return byName(Clue.CERTIFICATE, name, star ? start + 2 : start, end, nanos);
    }

    /// What such a name weighs, log-odds; 0 where it is no pool's.
    public double weight(byte[] name, int start, int end, long nanos) {
        Endpoint endpoint = byName(name, start, end, nanos);
        return endpoint == null ? 0 : Sighting.weight(endpoint, Clue.SNI, weights);
    }

    /// Whether an end of this packet is listed, or learned from DNS.
    public boolean isKnown(PacketView packet) {
        long now = packet.timestampNanos();
        return find(
                                packet.destinationHigh(),
                                packet.destinationLow(),
                                packet.destinationPort(),
                                now)
                        != Endpoints.NONE
                || find(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort(), now)
                        != Endpoints.NONE;
    }

    private @Nullable KnownPool byName(Clue clue, byte[] name, int start, int end, long nanos) {
        Endpoint endpoint = byName(name, start, end, nanos);
        return endpoint == null
                ? null
                : KnownPool.of(
                        endpoint,
                        new String(name, start, end - start, ISO_8859_1).toLowerCase(Locale.ROOT),
                        clue);
    }

    /// The endpoint a name is of, or null; web sites are none.
    private @Nullable Endpoint byName(byte[] name, int start, int end, long nanos) {
        int found = endpoints.byName(name, start, end);
        return found != Endpoints.NONE && counts(endpoints.get(found), nanos)
                ? endpoints.get(found)
                : null;
    }

    /// Takes over what another watch of the same traffic, with the same endpoints, has seen since
    /// the last time.
    public void takeSightings(EndpointWatch other) {
        other.sightings.forEach((seen, sighting) -> {
            if (sightings.size() < MAX_SIGHTINGS || sightings.containsKey(seen)) {
                sightings.merge(seen, sighting, Sighting::and);
            } else {
                refused++;
            }
        });
        other.sightings.clear();
    }

    /// Reports what was seen since the last time.
    public void report(FindingHandler handler) {
        List<Sighting> seen = new ArrayList<>(sightings.values());
        sightings.clear();
        for (Sighting sighting : seen) {
            boolean forOthers =
                    sighting.clue == Clue.DNS
                            && resolvers.contains(sighting.sourceHigh, sighting.sourceLow);
            Finding finding = sighting.byBrowser || forOthers ? null : sighting.finding(weights);
            if (finding != null) {
                handler.onFinding(finding);
            }
        }
    }

    /// Sightings that found no room.
    public long refused() {
        return refused;
    }

    /// DNS messages that broke off or made no sense.
    public long malformed() {
        return malformed;
    }

    private static boolean counts(Endpoint endpoint, long nanos) {
        return !endpoint.has(Endpoint.Flag.SITE) && endpoint.isCurrent(nanos);
    }

    /// The endpoint at an address that is mined at on this port.
    private int find(long high, long low, int port, long nanos) {
        int listed = endpoints.byAddress(high, low, port);
        if (listed != Endpoints.NONE && endpoints.get(listed).isCurrent(nanos)) {
            return listed;
        }
        int handle = learned.find(high, low, nanos);
        if (handle < 0) {
            return Endpoints.NONE;
        }
        Endpoint endpoint = endpoints.get(learned.endpoint(handle));
        boolean web = port == HTTP || port == HTTPS;
        return endpoint.servesOn(port) && !(web && endpoint.ports().isEmpty())
                ? learned.endpoint(handle)
                : Endpoints.NONE;
    }

    private void connect(int endpoint, PacketView packet, boolean toPool) {
        long poolHigh = toPool ? packet.destinationHigh() : packet.sourceHigh();
        long poolLow = toPool ? packet.destinationLow() : packet.sourceLow();
        int handle = learned.find(poolHigh, poolLow, packet.timestampNanos());
        Sighting sighting =
                sighting(
                        Clue.ADDRESS,
                        toPool ? packet.sourceHigh() : packet.destinationHigh(),
                        toPool ? packet.sourceLow() : packet.destinationLow(),
                        endpoint,
                        packet,
                        handle < 0 ? "" : learned.name(handle));
        if (sighting != null) {
            sighting.poolHigh = poolHigh;
            sighting.poolLow = poolLow;
            sighting.poolPort = toPool ? packet.destinationPort() : packet.sourcePort();
        }
    }

    private @Nullable Sighting sighting(
            Clue clue, long high, long low, int endpoint, PacketView packet, String name) {
        Seen key = new Seen(clue, high, low, endpoint);
        Sighting sighting = sightings.get(key);
        if (sighting == null) {
            if (sightings.size() == MAX_SIGHTINGS) {
                refused++;
                return null;
            }
            sighting =
                    new Sighting(
                            clue,
                            high,
                            low,
                            endpoints.get(endpoint),
                            name,
                            packet.timestampNanos());
            sightings.put(key, sighting);
        }
        sighting.lastNanos = Math.max(sighting.lastNanos, packet.timestampNanos());
        sighting.count++;
        return sighting;
    }

    private void learn(String name, long nowNanos) {
        for (int i = 0; i < answer.addresses; i++) {
            learned.learn(
                    answer.highs[i],
                    answer.lows[i],
                    answer.endpoint,
                    name,
                    answer.seconds[i],
                    nowNanos);
        }
    }

    /// What the message in hand leads to: the first known name in it, and all its addresses.
    private final class Answer implements DnsReader.Handler {
        private final long[] highs = new long[MAX_ADDRESSES];
        private final long[] lows = new long[MAX_ADDRESSES];
        private final long[] seconds = new long[MAX_ADDRESSES];
        private final byte[] known = new byte[DnsReader.MAX_NAME];
        private int knownLength;
        private int endpoint = Endpoints.NONE;
        private int addresses;

        void clear() {
            endpoint = Endpoints.NONE;
            addresses = 0;
        }

        String name() {
            return new String(known, 0, knownLength, ISO_8859_1).toLowerCase(Locale.ROOT);
        }

        @Override
        public void onName(byte[] name, int length) {
            if (endpoint == Endpoints.NONE) {
                endpoint = endpoints.byName(name, 0, length);
                if (endpoint != Endpoints.NONE) {
                    System.arraycopy(name, 0, known, 0, length);
                    knownLength = length;
                }
            }
        }

        @Override
        public void onAddress(long high, long low, long ttlSeconds) {
            if (addresses < MAX_ADDRESSES) {
                highs[addresses] = high;
                lows[addresses] = low;
                seconds[addresses++] = ttlSeconds;
            }
        }
    }
}
