package minewatch.bench.capture;

import minewatch.bench.Curve;
import minewatch.bench.flow.TableScaling;
import minewatch.bench.inspect.FlowScaling;
import minewatch.bench.inspect.WorkerScaling;

/// How the cost of a packet grows with flows, signatures, endpoints and workers, when the flow
/// table is too small, and under chosen flows. The frames are made up, in memory; one run.
/// Processor time of one thread, but for the workers. Prints a table in Markdown; `bench/scaling
/// --write` puts it into docs/reference/performance.md.
///
/// `java -cp … minewatch.bench.capture.Scaling CURVE...`
public final class Scaling {
    private Scaling() {}

    public static void main(String[] curves) throws Exception {
        Curve.heading();
        for (String curve : curves) {
            System.err.println("scaling: " + curve);
            run(curve);
        }
    }

    private static void run(String curve) throws Exception {
        switch (curve) {
            case "flows" -> TableScaling.flows();
            case "sensor" -> new FlowScaling().run();
            case "load" -> TableScaling.load();
            case "flood" -> TableScaling.flood();
            case "signatures" -> new WorkerScaling().signatures();
            case "endpoints" -> new WorkerScaling().endpoints();
            case "workers" -> new WorkerScaling().workers();
            default -> throw new IllegalArgumentException(curve);
        }
    }
}
