package minewatch.sensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.FindingHandler;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.HitHandler;
import minewatch.sensor.rollup.Rollup;
import minewatch.signatures.SignaturePack;
import org.jspecify.annotations.Nullable;

/// Several workers over the same frames, each on a thread of its own. Every one of them is given
/// every frame, in the same order, decodes it and keeps the flows that are its own ([OwnFlows]);
/// what they find is summed up together. Nothing else is shared while frames pass.
///
/// What is found of one flow may rest on others: on what name servers said, which all learn at the
/// same packet, and on new blocks and who mines in the clear, which they tell each other when an
/// interval ends, before flows that cannot be read are judged ([LateJudgement]). So the hits are
/// those of one worker, as long as no bound is met: sessions, memory and time for recomputing
/// shares are limited for each worker, and what they keep out depends on who has which flow.
///
/// All workers must come to the end of each interval: if one fails, interrupt the others.
public final class Team implements AutoCloseable {
    private final Rollup rollup;
    private final List<Worker> workers = new ArrayList<>();
    private final CyclicBarrier told;
    private final CyclicBarrier found;

    /// @param settings of each worker
    public Team(
            Worker.Settings settings,
            SignaturePack pack,
            HitBuilder builder,
            HitHandler handler,
            int size) {
        rollup = new Rollup(builder, handler);
        told = new CyclicBarrier(size, this::tellEachOther);
        found = new CyclicBarrier(size, this::handOn);
        FindingHandler together = new Together();
        for (int i = 0; i < size; i++) {
            workers.add(new Worker(settings, pack, together, new Meeting(), i, size));
        }
    }

    public List<Worker> workers() {
        return workers;
    }

    /// No more frames: as [Worker#finish] of all.
    public void finish() {
        try (ExecutorService threads = Executors.newFixedThreadPool(workers.size())) {
            List<Future<?>> endings = new ArrayList<>();
            for (Worker worker : workers) {
                endings.add(threads.submit(worker::finish));
            }
            for (Future<?> ending : endings) {
                end(ending, threads);
            }
        }
    }

    private static void end(Future<?> ending, ExecutorService threads) {
        try {
            ending.get();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            threads.shutdownNow();
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Of all together: what each of them sees of all frames counts once.
    public Worker.Counters counters() {
        List<Worker.Counters> each = workers.stream().map(Worker::counters).toList();
        Worker.Counters first = each.getFirst();
        Map<String, Long> anomalies = new TreeMap<>();
        each.forEach(one ->
                one.inspectAnomalies()
                        .forEach((reason, count) -> anomalies.merge(reason, count, Long::sum)));
        return new Worker.Counters(
                first.packets(),
                each.stream().mapToLong(Worker.Counters::flows).sum(),
                each.stream().mapToLong(Worker.Counters::inspectedPackets).sum(),
                each.stream().mapToLong(Worker.Counters::suspects).sum(),
                each.stream()
                        .map(Worker.Counters::visibility)
                        .reduce(Visibility.NOTHING, Visibility::plus),
                each.stream().map(Worker.Counters::skipped).reduce(Skipped.NOTHING, Skipped::plus),
                first.decodeAnomalies(),
                anomalies);
    }

    /// See [Worker#takeFault].
    public @Nullable RuntimeException takeFault() {
        return workers.stream()
                .map(Worker::takeFault)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
    }

    /// All others wait.
    private void tellEachOther() {
        Worker first = workers.getFirst();
        workers.forEach(first::learn);
        workers.forEach(worker -> worker.learn(first));
    }

    /// All others wait.
    private void handOn() {
        Worker first = workers.getFirst();
        workers.forEach(first::takeSightings);
        first.reportSightings();
        rollup.endInterval();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("another worker has failed", e);
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("another worker has failed", e);
        }
    }

    private final class Meeting implements Worker.IntervalEnd {
        @Override
        public void onReadableReported() {
            await(told);
        }

        @Override
        public void onAllReported() {
            await(found);
        }
    }

    /// Findings are few beside packets: a lock costs nothing.
    private final class Together implements FindingHandler {
        @Override
        public synchronized void onFinding(Finding finding) {
            rollup.onFinding(finding);
        }
    }
}
