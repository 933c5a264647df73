package minewatch.bench.inspect;

import java.util.List;
import java.util.Set;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.SignatureFile;

/// What the whole pack with 10,000 endpoints costs beside one of three dialects and no endpoints:
/// the same capture through the whole sensor, in turn.
///
/// `java -cp … minewatch.bench.inspect.PackCost ROUNDS CAPTURE`
public final class PackCost {
    private static final Set<String> THREE = Set.of("stratum-v1", "cryptonote", "ethproxy");

    private PackCost() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: PackCost ROUNDS CAPTURE");
            System.exit(2);
        }
        List<SignatureFile> files = SignaturePacks.files(List.of());
        SignaturePack small =
                CompiledPack.of(
                        files.stream().filter(file -> THREE.contains(file.id())).toList(),
                        Endpoints.of(List.of()));
        SignaturePack whole = Workers.wholePack();
        String capture = arguments[1];
        Rounds.run(
                Integer.parseInt(arguments[0]),
                "three dialects:",
                () -> read(capture, small),
                "%d files and %d endpoints:".formatted(files.size(), Workers.ENDPOINTS),
                () -> read(capture, whole));
    }

    private static long read(String capture, SignaturePack pack) {
        try (Worker worker = Workers.of(pack)) {
            new CaptureReader(worker).read(capture, CaptureProgress.NONE);
            worker.finish();
            return worker.packets();
        }
    }
}
