package minewatch.bench.inspect;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.SignatureFile;

/// What the whole pack with 10,000 endpoints costs beside one of three dialects and no endpoints:
/// the same capture through the whole sensor, in turn.
///
/// `java -cp … minewatch.bench.inspect.PackCost ROUNDS CAPTURE`
public final class PackCost {
    private static final Set<String> THREE = Set.of("stratum-v1", "cryptonote", "ethproxy");
    private static final int ENDPOINTS = 10_000;
    private static final LocalDate NEVER = LocalDate.of(9999, 1, 1);

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
        SignaturePack whole = CompiledPack.of(files, Endpoints.of(endpoints()));
        String capture = arguments[1];
        Rounds.run(
                Integer.parseInt(arguments[0]),
                "three dialects:",
                () -> read(capture, small),
                "%d files and %d endpoints:".formatted(files.size(), ENDPOINTS),
                () -> read(capture, whole));
    }

    private static long read(String capture, SignaturePack pack) {
        try (Worker worker = Workers.of(pack)) {
            new CaptureReader(worker).read(capture, CaptureProgress.NONE);
            worker.finish();
            return worker.packets();
        }
    }

    /// Those that come with the program, and made-up ones: half names, half addresses that no
    /// network has (RFC 2544).
    private static List<Endpoint> endpoints() throws Exception {
        List<Endpoint> endpoints = new ArrayList<>(SignaturePacks.endpoints(List.of()));
        for (int i = endpoints.size(); i < ENDPOINTS; i++) {
            endpoints.add(
                    new Endpoint(
                            "pool" + i,
                            i % 2 == 0
                                    ? "stratum%d.pool%d.example".formatted(i, i / 10)
                                    : "198.18.%d.%d".formatted(i >> 8, i & 0xFF),
                            List.of(3333),
                            List.of("BTC"),
                            Set.of(),
                            null,
                            null,
                            NEVER,
                            "made up"));
        }
        return endpoints;
    }
}
