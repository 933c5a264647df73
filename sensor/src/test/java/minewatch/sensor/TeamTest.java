package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Hit;
import minewatch.sensor.StratumDialogue.TimedFrame;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.inspect.endpoint.DnsMessages;
import minewatch.sensor.inspect.tls.Hellos;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.EndpointReader;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Captures;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several workers over flows that say something of each other: what is found is what one finds.
@Timeout(60)
class TeamTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_790_000_000L * SECOND;
    private static final String MINER = "10.0.0.7";
    private static final String RESOLVER = "10.0.0.53";
    private static final List<String> POOLS = List.of("203.0.113.7", "203.0.113.8", "203.0.113.9");
    private static final int TLS_PORT = 7443;
    private static final long WHOLE = Worker.NO_INTERVAL;

    private final List<TimedFrame> frames = new ArrayList<>();
    private final int[] said = new int[1 << 16]; // bytes, by port of the sender

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void flowsThatSpeakOfEachOtherGiveTheSameHits(int workers) throws Exception {
        oneSourceInManyFlows();

        List<Hit> one = byOne(WHOLE);

        assertThat(evidence(one))
                .as("all that is learned from other flows")
                .contains("shape.blocks", "shape.leak", "endpoint.dns", "endpoint.address");
        assertThat(byTeam(workers, WHOLE)).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void theSameHoldsOfEachInterval(int workers) throws Exception {
        oneSourceInManyFlows();

        List<Hit> one = byOne(60 * SECOND);

        assertThat(one).hasSizeGreaterThan(3);
        assertThat(byTeam(workers, 60 * SECOND)).isEqualTo(one);
    }

    @Test
    void booksOfAllTogetherAreThoseOfOne() throws Exception {
        oneSourceInManyFlows();
        try (Worker one = worker(new ArrayList<>(), WHOLE);
                Team team = team(new ArrayList<>(), 3, WHOLE)) {
            feed(one);
            one.finish();
            feed(team);
            assertThat(team.counters()).isEqualTo(one.counters());
        }
    }

    @Test
    void workerThatFailsKeepsNobodyWaiting() throws Exception {
        HitBuilder builder = builder();
        try (Team team =
                new Team(
                        settings(WHOLE),
                        SignaturePacks.builtIn(),
                        builder,
                        _ -> {
                            throw new IllegalArgumentException("no room");
                        },
                        2)) {
            assertThatThrownBy(team::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    /// One that mines through TLS and, with others, in the clear; the pools' addresses are learned
    /// from DNS between the connections. The TLS flow ends before any other.
    private void oneSourceInManyFlows() {
        answer(0, POOLS.get(0));
        connect(1, 50_000, POOLS.get(0), TLS_PORT);
        say(1.1, MINER, 50_000, POOLS.get(0), TLS_PORT, Hellos.record(1, Hellos.bare()));
        connect(2, 50_001, POOLS.get(1), 3333); // not known yet
        answer(3, POOLS.get(1));
        connect(4, 50_002, POOLS.get(1), 3333);
        answer(5, POOLS.get(2));
        connect(6, 50_003, POOLS.get(2), 3333);
        List<StratumDialogue> plain = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            plain.add(
                    new StratumDialogue(
                                    i == 0 ? MINER : "10.0.1." + i, 40_000 + i, "198.51.100." + i)
                            .login(1 + i));
        }
        double end = mine(plain);
        frames.add(
                new TimedFrame(
                        nanos(end),
                        Packets.tcp(MINER, 50_000, POOLS.get(0), TLS_PORT)
                                .sequence(1 << 20)
                                .flags(Packets.RST)
                                .ethernet()));
        for (StratumDialogue dialogue : plain) {
            dialogue.share(end + 20).share(end + 30);
            frames.addAll(dialogue.drain());
        }
        frames.sort(Comparator.comparingLong(TimedFrame::nanos));
    }

    /// Shares and jobs, each in one TLS record; every job when some pool tells of a block in clear.
    private double mine(List<StratumDialogue> plain) {
        Random random = new Random(7);
        double now = 10;
        for (int i = 0; i < 30; i++) {
            now += 0.2 - 8 * Math.log(1 - random.nextDouble());
            if (i % 3 == 0) {
                plain.get(i / 3 % plain.size()).job(now - 0.3);
                say(now - 0.1, POOLS.get(0), TLS_PORT, MINER, 50_000, Hellos.data(322));
            }
            say(now, MINER, 50_000, POOLS.get(0), TLS_PORT, Hellos.data(252));
            say(now + 0.02, POOLS.get(0), TLS_PORT, MINER, 50_000, Hellos.data(85));
        }
        return now + 1;
    }

    private void answer(double second, String address) {
        frames.add(
                new TimedFrame(
                        nanos(second),
                        Packets.udp(RESOLVER, 53, MINER, 33_333)
                                .payload(
                                        DnsMessages.resolverAnswer(
                                                        "btc.pool.example", DnsMessages.A)
                                                .address(address, 3600)
                                                .bytes())
                                .ethernet()));
    }

    private void connect(double second, int port, String pool, int poolPort) {
        frames.add(
                new TimedFrame(
                        nanos(second),
                        Packets.tcp(MINER, port, pool, poolPort)
                                .sequence(0)
                                .flags(Packets.SYN)
                                .ethernet()));
    }

    private void say(
            double second, String from, int fromPort, String to, int toPort, byte[] payload) {
        frames.add(
                new TimedFrame(
                        nanos(second),
                        Packets.tcp(from, fromPort, to, toPort)
                                .sequence(1 + said[fromPort])
                                .flags(Packets.PSH | Packets.ACK)
                                .payload(payload)
                                .ethernet()));
        said[fromPort] += payload.length;
    }

    private static long nanos(double second) {
        return START + (long) (second * SECOND);
    }

    private List<Hit> byOne(long intervalNanos) throws Exception {
        List<Hit> hits = new ArrayList<>();
        try (Worker worker = worker(hits, intervalNanos)) {
            feed(worker);
            worker.finish();
        }
        return hits;
    }

    private List<Hit> byTeam(int workers, long intervalNanos) throws Exception {
        List<Hit> hits = new ArrayList<>();
        try (Team team = team(hits, workers, intervalNanos)) {
            feed(team);
        }
        return hits;
    }

    /// Each on a thread of its own, for they wait for each other.
    private void feed(Team team) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(team.workers().size())) {
            List<Future<?>> fed = new ArrayList<>();
            team.workers().forEach(worker -> fed.add(threads.submit(() -> feed(worker))));
            for (Future<?> one : fed) {
                one.get();
            }
        }
        team.finish();
    }

    /// In batches.
    private void feed(Worker worker) {
        try (Arena arena = Arena.ofConfined()) {
            for (TimedFrame frame : frames) {
                MemorySegment block = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame.bytes());
                int length = frame.bytes().length;
                worker.onFrame(block, 0, length, length, frame.nanos(), Captures.ETHERNET);
            }
            worker.onBatchEnd();
        }
    }

    private static List<String> evidence(List<Hit> hits) {
        return hits.stream()
                .flatMap(hit -> hit.getEvidenceList().stream())
                .map(Evidence::getSignature)
                .distinct()
                .toList();
    }

    private static Worker worker(List<Hit> hits, long intervalNanos) throws Exception {
        return new Worker(settings(intervalNanos), pack(), builder(), hits::addAll, null);
    }

    private static Team team(List<Hit> hits, int workers, long intervalNanos) throws Exception {
        return new Team(settings(intervalNanos), pack(), builder(), hits::addAll, workers);
    }

    private static Worker.Settings settings(long intervalNanos) {
        return new Worker.Settings(
                FlowConfig.DEFAULT, Inspector.Limits.fitting(1 << 28, 1), intervalNanos);
    }

    private static HitBuilder builder() {
        return new HitBuilder("test", null, Privacy.OPEN, PowerTable.builtIn());
    }

    private static SignaturePack pack() throws Exception {
        String list = EndpointReader.HEADER + "\nown,*.pool.example,,BTC,,,,,test";
        return CompiledPack.of(
                SignaturePacks.files(List.of()),
                Endpoints.of(EndpointReader.read("own.csv", list)));
    }
}
