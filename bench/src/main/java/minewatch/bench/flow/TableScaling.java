package minewatch.bench.flow;

import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import minewatch.bench.Curve;

/// How the flow table behaves with the number of flows, when it is nearly full or too small, and
/// under flows that were chosen to collide by somebody who knows the code and not the key.
public final class TableScaling {
    private static final long LEAST_PACKETS = 8_000_000;
    private static final int[] FLOWS = {1_000, 10_000, 100_000, 1_000_000, 10_000_000};
    private static final double[] LOADS = {0.5, 0.9, 1.5};
    private static final int CAPACITY = 1_000_000;
    private static final int FLOOD = 1_000_000;

    private TableScaling() {}

    /// So many flows that take turns in a table of this capacity, and the packets that count.
    private record Point(String label, Tuples tuples, long flows, int capacity, long packets) {
        static Point of(String label, Tuples tuples, long flows) {
            return new Point(label, tuples, flows, CAPACITY, LEAST_PACKETS);
        }
    }

    private record Measured(TableLoad.Cost cost, long residentMebi) {}

    public static void flows() throws Exception {
        List<Point> points =
                IntStream.of(FLOWS)
                        .mapToObj(flows ->
                                new Point(
                                        "%,d".formatted(flows),
                                        Tuples.RANDOM_IPV4,
                                        flows,
                                        flows,
                                        Math.max(LEAST_PACKETS, flows)))
                        .toList();
        draw("flows", points, measured -> measured.residentMebi() + " MiB resident");
    }

    public static void load() throws Exception {
        List<Point> points =
                DoubleStream.of(LOADS)
                        .mapToObj(load ->
                                Point.of(
                                        "%.1f of it".formatted(load),
                                        Tuples.RANDOM_IPV4,
                                        (long) (load * CAPACITY)))
                        .toList();
        draw(
                "table of %,d".formatted(CAPACITY),
                points,
                measured ->
                        "%,d evicted, %.2f a packet"
                                .formatted(
                                        measured.cost().evicted(),
                                        measured.cost().evictedPerPacket()));
    }

    /// Against random flows of the same version of IP.
    public static void flood() throws Exception {
        for (Tuples random : new Tuples[] {Tuples.RANDOM_IPV4, Tuples.RANDOM_IPV6}) {
            List<Point> points =
                    Stream.of(Tuples.values())
                            .filter(tuples -> tuples.random() == random)
                            .map(tuples -> Point.of(tuples.label(), tuples, FLOOD))
                            .toList();
            draw("flood", points, _ -> "");
        }
    }

    private static void draw(String name, List<Point> points, Function<Measured, String> note)
            throws Exception {
        warmUp();
        List<Measured> least =
                Curve.least(
                        points.size(),
                        i -> measure(points.get(i)),
                        measured -> measured.cost().nanosPerPacket());
        Curve curve = new Curve(name);
        for (int i = 0; i < least.size(); i++) {
            Measured measured = least.get(i);
            curve.add(
                    points.get(i).label(), measured.cost().nanosPerPacket(), note.apply(measured));
        }
    }

    private static Measured measure(Point point) {
        long[] mebi = {0};
        TableLoad.Cost cost =
                TableLoad.measure(
                        point.tuples(),
                        point.flows(),
                        point.capacity(),
                        point.packets(),
                        () -> mebi[0] = Curve.residentMebi());
        return new Measured(cost, mebi[0]);
    }

    /// So that the first figure is not the compiler's.
    private static void warmUp() {
        for (Tuples tuples : Tuples.values()) {
            TableLoad.measure(tuples, 20_000, 10_000, LEAST_PACKETS / 4, () -> {});
            TableLoad.measure(tuples, 10_000, 10_000, LEAST_PACKETS / 4, () -> {});
        }
    }
}
