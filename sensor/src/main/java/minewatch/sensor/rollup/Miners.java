package minewatch.sensor.rollup;

import java.util.ArrayList;
import java.util.List;
import minewatch.sensor.inspect.Finding;

/// How many miners at least are behind one address: as many as mine over connections of their own
/// at one time, or as many as have a name of their own. One that reconnects is one; a proxy that
/// hands in the shares of many without naming them is one as well.
final class Miners {
    private record Edge(long nanos, int step) {}

    private Miners() {}

    /// 0 where nobody is seen to mine.
    static int count(List<Finding> findings) {
        List<Finding> mining = findings.stream().filter(f -> f.isMining() && f.hasFlow()).toList();
        if (mining.isEmpty()) {
            return 0;
        }
        long names = mining.stream().flatMap(f -> f.said().workers().stream()).distinct().count();
        return Math.max(atOneTime(mining), Math.toIntExact(names));
    }

    private static int atOneTime(List<Finding> findings) {
        List<Edge> edges = new ArrayList<>(2 * findings.size());
        for (Finding finding : findings) {
            edges.add(new Edge(finding.seen().firstNanos(), 1));
            edges.add(new Edge(finding.seen().lastNanos(), -1));
        }
        // Who leaves at the moment another comes has not been there with it.
        edges.sort((a, b) ->
                a.nanos != b.nanos
                        ? Long.compare(a.nanos, b.nanos)
                        : Integer.compare(a.step, b.step));
        int open = 0;
        int most = 1;
        for (Edge edge : edges) {
            open += edge.step;
            most = Math.max(most, open);
        }
        return most;
    }
}
