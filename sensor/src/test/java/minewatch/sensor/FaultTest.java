package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hit;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Faults;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A worker whose program has a fault: a matcher that throws, once.
class FaultTest {
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final String POOL = "203.0.113.9";

    private final List<Hit> hits = new ArrayList<>();
    private final MemorySegment block = Arena.ofAuto().allocate(1 << 16);
    private int untilFault;

    /// At the flow's first message, and in the middle of its dialogue.
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void faultCostsItsFlowTheSessionAndNoOtherAnything(int message) {
        untilFault = message;
        try (Worker worker = worker(faulty(), Worker.NO_INTERVAL)) {
            pass(worker, new StratumDialogue("10.0.0.1", 50001, POOL).login(0));
            pass(worker, new StratumDialogue("10.0.0.2", 50002, POOL).login(1).share(2));
            worker.finish();

            assertThat(worker.counters().inspectAnomalies())
                    .containsExactly(Map.entry("session.failed", 1L));
            assertThat(Faults.describe(Objects.requireNonNull(worker.takeFault())))
                    .startsWith("java.lang.IllegalStateException: a fault at minewatch.sensor.");
            assertThat(worker.takeFault()).isNull();
        }
        assertThat(hits)
                .filteredOn(hit -> Addresses.text(hit.getSourceIp()).equals("10.0.0.2"))
                .singleElement()
                .satisfies(hit -> assertThat(hit.getShares().getSubmitted()).isEqualTo(1));
    }

    @Test
    void faultOfAWorkerThatHasLeftIsStillTold() {
        untilFault = 1;
        Worker next = worker(SignaturePacks.builtIn(), MINUTE_NANOS);
        try (Lane lane = new Lane(worker(faulty(), MINUTE_NANOS))) {
            pass(lane, new StratumDialogue("10.0.0.1", 50001, POOL).login(1));
            lane.succeed(next, new Handover(1));
            lane.changeIfDue(); // waits for the end of the interval
            pass(lane, new StratumDialogue("10.0.0.1", 50001, POOL).share(70));
            lane.changeIfDue();

            assertThat(next.packets()).isZero();
            assertThat(lane.takeFault()).hasMessage("a fault");
            assertThat(lane.takeFault()).isNull();
            pass(lane, new StratumDialogue("10.0.0.2", 50002, POOL).login(71));
            assertThat(next.packets()).isPositive();
        }
    }

    private Worker worker(SignaturePack pack, long intervalNanos) {
        return new Worker(
                new Worker.Settings(
                        FlowConfig.DEFAULT, new Inspector.Limits(10, 1 << 20, 0), intervalNanos),
                pack,
                new HitBuilder("s-1", null, Privacy.OPEN, PowerTable.builtIn()),
                hits::addAll,
                null);
    }

    private SignaturePack faulty() {
        SignaturePack whole = SignaturePacks.builtIn();
        return proxy(
                SignaturePack.class,
                whole,
                (method, result) ->
                        result instanceof Matcher matcher
                                ? proxy(Matcher.class, matcher, this::count)
                                : result);
    }

    private Object count(Method method, Object result) {
        if (method.getName().equals("match") && --untilFault == 0) {
            throw new IllegalStateException("a fault");
        }
        return result;
    }

    private interface After {
        Object of(Method method, Object result);
    }

    private static <T> T proxy(Class<T> type, T whole, After after) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return after.of(method, method.invoke(whole, arguments));
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    private void pass(FrameHandler worker, StratumDialogue dialogue) {
        for (StratumDialogue.TimedFrame frame : dialogue.drain()) {
            byte[] bytes = frame.bytes();
            MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, 0, bytes.length);
            worker.onFrame(block, 0, bytes.length, bytes.length, frame.nanos(), Captures.ETHERNET);
            worker.onBatchEnd();
        }
    }
}
