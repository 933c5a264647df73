package minewatch.sensor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hit;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Captures;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;

/// The rooms of one worker together, from the frame to the hit.
class WorkerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String POOL = "203.0.113.9";

    private final List<Hit> hits = new ArrayList<>();
    private final MemorySegment block = Arena.ofAuto().allocate(1 << 16);

    @Test
    void flowBeyondTheLimitIsRefusedAndCountedAndTheOthersGoOn() {
        StratumDialogue first = new StratumDialogue("10.0.0.1", 50001, POOL);
        StratumDialogue second = new StratumDialogue("10.0.0.2", 50002, POOL);
        try (Worker worker = worker(1, Worker.NO_INTERVAL)) {
            pass(worker, first.login(0));
            pass(worker, second.login(1));
            assertThat(worker.counters().flows()).isEqualTo(2);
            assertThat(worker.counters().suspects()).isEqualTo(1);
            // Every payload that passes the gate asks anew.
            assertThat(worker.counters().inspectAnomalies())
                    .containsExactly(Map.entry("session.refused", 6L));
            pass(worker, first.share(2));
            worker.finish();
        }
        assertThat(hits).extracting(WorkerTest::source).containsExactly("10.0.0.1");
        assertThat(hits.getFirst().getShares().getSubmitted()).isEqualTo(1);
    }

    @Test
    void refusedFlowIsTakenWhenThereIsRoomAgain() {
        StratumDialogue first = new StratumDialogue("10.0.0.1", 50001, POOL);
        StratumDialogue second = new StratumDialogue("10.0.0.2", 50002, POOL);
        try (Worker worker = worker(1, Worker.NO_INTERVAL)) {
            pass(worker, first.login(0));
            pass(worker, second.share(1));
            assertThat(worker.counters().inspectAnomalies()).containsKey("session.refused");
            pass(worker, first.resets(2));
            pass(worker, second.login(200));
            worker.finish();
        }
        assertThat(hits).extracting(WorkerTest::source).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void moreNewSessionsThanPacketsEarnAreDeferredAndFoundByTheirLaterMessages() {
        StratumDialogue first = new StratumDialogue("10.0.0.1", 50001, POOL);
        StratumDialogue closed = new StratumDialogue("10.0.0.2", 50002, POOL);
        StratumDialogue late = new StratumDialogue("10.0.0.3", 50003, POOL);
        try (Worker worker = worker(2, 9, Worker.NO_INTERVAL)) {
            pass(worker, first.share(0));
            pass(worker, closed.share(1).resets(2));
            pass(worker, first.share(200)); // the closed one is gone: there is room
            pass(worker, late.share(201));
            assertThat(worker.counters().inspectAnomalies())
                    .containsExactly(Map.entry("session.deferred", 2L));
            pass(worker, late.share(230));
            worker.finish();
        }
        assertThat(hits)
                .extracting(WorkerTest::source)
                .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void intervalEndsByTheTimeOfThePackets() {
        try (Worker worker = worker(10, 60 * SECOND)) {
            pass(
                    worker,
                    new StratumDialogue("10.0.0.1", 50001, POOL)
                            .login(1)
                            .share(2)
                            .share(3)
                            .share(130)
                            .share(131)
                            .share(132));
            assertThat(hits).extracting(hit -> hit.getShares().getAccepted()).containsExactly(2L);
            worker.finish();
        }
        assertThat(hits).extracting(hit -> hit.getShares().getAccepted()).containsExactly(2L, 3L);
        assertThat(hits.get(0).getLastSeenNanos() - hits.get(0).getFirstSeenNanos())
                .isEqualTo(2 * SECOND);
        assertThat(hits.get(1).getFirstSeenNanos()).isEqualTo(hits.get(0).getLastSeenNanos());
    }

    @Test
    void intervalOfASilentInterfaceEndsWithoutAPacket() {
        var frames = new StratumDialogue("10.0.0.1", 50001, POOL).login(1).share(2).drain();
        long last = frames.getLast().nanos();
        try (Worker worker = worker(10, 60 * SECOND)) {
            worker.onSilence(last); // before the first packet there is no interval
            frames.forEach(frame -> deliver(worker, frame.nanos(), frame.bytes()));
            worker.onSilence(last + SECOND);
            assertThat(hits).isEmpty();
            worker.onSilence(last + 60 * SECOND);
            worker.onSilence(last + 600 * SECOND);
            assertThat(hits).extracting(WorkerTest::source).containsExactly("10.0.0.1");
            worker.finish();
        }
        assertThat(hits).hasSize(1);
    }

    @Test
    void overloadedWorkerGoesOnWithWhoeverSpeaksMining() {
        StratumDialogue miner = new StratumDialogue("10.0.0.1", 50001, POOL);
        try (Worker worker = worker(10, Worker.NO_INTERVAL)) {
            pass(worker, miner.login(0).share(1));
            worker.spare(Overload.Level.SAMPLING);
            pass(worker, miner.share(2).share(3));
            worker.finish();
            assertThat(worker.counters().skipped())
                    .as("the shares are booked and not recomputed")
                    .isEqualTo(new Skipped(2, 0, 0));
        }
        assertThat(hits).extracting(hit -> hit.getShares().getAccepted()).containsExactly(3L);
    }

    @Test
    void overloadedWorkerTestsASampleOfTheOtherFlowsAndTheRestWhenItHasCaughtUp() {
        List<StratumDialogue> miners = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            miners.add(new StratumDialogue("10.0.1." + i, 50001, POOL));
        }
        try (Worker worker = worker(1000, Worker.NO_INTERVAL)) {
            worker.spare(Overload.Level.SAMPLING);
            miners.forEach(miner -> pass(worker, miner.submit(1)));
            long tested = worker.counters().suspects();
            assertThat(tested).as("about one in eight").isBetween(8L, 80L);
            assertThat(worker.counters().skipped())
                    .isEqualTo(new Skipped(0, 0, miners.size() - tested));

            worker.spare(Overload.Level.NONE);
            miners.forEach(miner -> pass(worker, miner.submit(2)));
            assertThat(worker.counters().suspects()).isEqualTo(miners.size());
            worker.finish();
        }
        assertThat(hits).hasSameSizeAs(miners);
        assertThat(hits.stream().mapToLong(hit -> hit.getShares().getSubmitted()).sum())
                .as("what a flow said while it was not tested is not known")
                .isBetween(256L + 8, 256L + 80);
    }

    @Test
    void overloadedWorkerTakesUpNoFlowThatItCannotRead() {
        byte[] opens = "SSH-2.0-OpenSSH_9.9\r\n".getBytes(US_ASCII);
        try (Worker worker = worker(10, Worker.NO_INTERVAL)) {
            worker.spare(Overload.Level.SAVING);
            deliver(worker, SECOND, ssh(40_001, opens));
            assertThat(worker.counters().suspects()).isZero();
            assertThat(worker.counters().skipped()).isEqualTo(new Skipped(0, 1, 0));
            worker.spare(Overload.Level.NONE);
            deliver(worker, 2 * SECOND, ssh(40_002, opens));
            assertThat(worker.counters().suspects()).isOne();
            assertThat(worker.counters().skipped()).isEqualTo(new Skipped(0, 1, 0));
        }
    }

    private static byte[] ssh(int port, byte[] payload) {
        return Packets.tcp("10.0.0.1", port, POOL, 22)
                .sequence(1)
                .flags(Packets.PSH | Packets.ACK)
                .payload(payload)
                .ethernet();
    }

    private Worker worker(int sessions, long intervalNanos) {
        return worker(sessions, 0, intervalNanos);
    }

    private Worker worker(int sessions, int packetsPerSession, long intervalNanos) {
        return new Worker(
                new Worker.Settings(
                        FlowConfig.DEFAULT,
                        new Inspector.Limits(sessions, 1 << 20, packetsPerSession),
                        intervalNanos),
                SignaturePacks.builtIn(),
                new HitBuilder("s-1", null, Privacy.OPEN, PowerTable.builtIn()),
                hits::addAll,
                null);
    }

    private void pass(Worker worker, StratumDialogue dialogue) {
        dialogue.drain().forEach(frame -> deliver(worker, frame.nanos(), frame.bytes()));
    }

    private void deliver(Worker worker, long nanos, byte[] bytes) {
        MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, 0, bytes.length);
        worker.onFrame(block, 0, bytes.length, bytes.length, nanos, Captures.ETHERNET);
        worker.onBatchEnd();
    }

    private static String source(Hit hit) {
        return Addresses.text(hit.getSourceIp());
    }
}
