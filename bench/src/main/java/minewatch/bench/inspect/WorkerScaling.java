package minewatch.bench.inspect;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.bench.Curve;
import minewatch.bench.ImixFrames;
import minewatch.sensor.Worker;
import minewatch.sensor.decode.LinkType;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.Shape;
import minewatch.signatures.language.SignatureFile;

/// What a packet of a provider's mix costs in the whole sensor with more signatures, endpoints and
/// workers.
public final class WorkerScaling {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int[] SIGNATURES = {1, 10, 100, 1_000};
    private static final int[] ENDPOINTS = {10, 1_000, 100_000, 1_000_000};
    private static final int[] WORKERS = {1, 2};
    private static final Set<String> KEYS = Set.of("method", "type", "cmd", "command", "ret");
    private static final int FRAMES = 100_000;
    private static final int FLOWS = 20_000;
    private static final int PASSES = 20;
    private static final long START_NANOS = 1_795_478_400_000_000_000L;
    private static final long GAP_NANOS = 1_000;

    private final ImixFrames mix = new ImixFrames(FRAMES, FLOWS, 7);

    public void signatures() throws IOException, InvalidSignaturesException {
        run(pack(1), PASSES); // so that the first figure is not the compiler's
        Curve curve = new Curve("signatures");
        for (int count : SIGNATURES) {
            curve.add("%,d".formatted(count), nanos(pack(count)), "");
        }
    }

    /// With every signature of the pack.
    public void endpoints() throws IOException, InvalidSignaturesException {
        List<SignatureFile> files = SignaturePacks.files(List.of());
        run(CompiledPack.of(files, Endpoints.EMPTY), PASSES);
        Curve curve = new Curve("endpoints");
        for (int count : ENDPOINTS) {
            curve.add(
                    "%,d".formatted(count),
                    nanos(CompiledPack.of(files, Workers.endpoints(count))),
                    "");
        }
    }

    /// Each with a core and flows of its own, as the kernel shares out an interface. By the clock.
    public void workers() throws InterruptedException, ExecutionException {
        Curve curve = new Curve("workers");
        SignaturePack pack = SignaturePacks.builtIn();
        run(pack, PASSES);
        for (int count : WORKERS) {
            curve.add(
                    String.valueOf(count),
                    sideBySide(count, pack),
                    "by the clock; %d cores".formatted(Runtime.getRuntime().availableProcessors()));
        }
    }

    private double nanos(SignaturePack pack) {
        run(pack, PASSES / 4);
        long before = THREADS.getCurrentThreadCpuTime();
        long packets = run(pack, PASSES);
        return (double) (THREADS.getCurrentThreadCpuTime() - before) / packets;
    }

    private double sideBySide(int count, SignaturePack pack)
            throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            long start = System.nanoTime();
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(() -> run(pack, 2 * PASSES)));
            }
            long packets = 0;
            for (Future<Long> one : running) {
                packets += one.get();
            }
            return (double) (System.nanoTime() - start) / packets;
        }
    }

    private long run(SignaturePack pack, int passes) {
        try (Worker worker = Workers.of(pack)) {
            long now = START_NANOS;
            for (int pass = 0; pass < passes; pass++) {
                for (int i = 0; i < FRAMES; i++) {
                    int length = mix.frame(i).length;
                    now += GAP_NANOS;
                    worker.onFrame(
                            mix.block(), mix.offset(i), length, length, now, LinkType.ETHERNET);
                }
            }
            worker.finish();
            return worker.packets();
        }
    }

    /// The signatures that come with the program; where more are asked for, copies of them whose
    /// calls have other names.
    private static SignaturePack pack(int count) throws IOException, InvalidSignaturesException {
        List<SignatureFile> originals = SignaturePacks.files(List.of());
        List<SignatureFile> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SignatureFile original = originals.get(i % originals.size());
            int copy = i / originals.size();
            files.add(copy == 0 ? original : renamed(original, "-" + copy));
        }
        return CompiledPack.of(files, Endpoints.EMPTY);
    }

    private static SignatureFile renamed(SignatureFile file, String suffix) {
        List<SignatureFile.Message> messages =
                file.messages().stream()
                        .map(m ->
                                new SignatureFile.Message(
                                        m.name(),
                                        m.from(),
                                        m.act(),
                                        m.weight(),
                                        m.group(),
                                        m.needsRequest(),
                                        m.answers(),
                                        m.algorithm(),
                                        renamed(m.shape(), suffix),
                                        m.match(),
                                        m.noMatch()))
                        .toList();
        return new SignatureFile(
                file.file(),
                file.id() + suffix,
                file.protocol(),
                file.revision(),
                file.title(),
                file.sources(),
                file.framing(),
                file.claim(),
                file.algorithm(),
                file.dispatch(),
                file.work(),
                messages);
    }

    private static Shape renamed(Shape shape, String suffix) {
        return switch (shape) {
            case Shape.Literal(String value) -> new Shape.Literal(value + suffix);
            case Shape.OneOf(List<Shape> alternatives) ->
                    new Shape.OneOf(
                            alternatives.stream().map(one -> renamed(one, suffix)).toList());
            case Shape.Members(var members, var others) ->
                    new Shape.Members(
                            members.stream().map(member -> renamed(member, suffix)).toList(),
                            others);
            default -> shape;
        };
    }

    private static Shape.Member renamed(Shape.Member member, String suffix) {
        return KEYS.contains(member.key())
                ? new Shape.Member(member.key(), member.required(), renamed(member.shape(), suffix))
                : member;
    }
}
