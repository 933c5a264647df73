package minewatch.sensor.spool;

import java.nio.file.Path;

/// A process of its own that appends until it is killed, and says which batches are durable.
final class SpoolAppender {
    private SpoolAppender() {}

    public static void main(String[] arguments) throws Exception {
        try (Spool spool = SpoolFixture.open(Path.of(arguments[0]))) {
            while (true) {
                long next = spool.lastSeq() + 1;
                if (spool.append(java.util.List.of(SpoolFixture.hit(next, 300)))) {
                    System.out.println("durable " + next);
                    System.out.flush();
                }
            }
        }
    }
}
