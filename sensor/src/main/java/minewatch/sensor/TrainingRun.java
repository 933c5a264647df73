package minewatch.sensor;

import minewatch.sensor.flow.ChunkMemory;

/// What the ahead-of-time cache (JEP 483, JEP 515) is trained on: long enough that the compilers
/// see what is hot, and with both ways of printing. What it has not used comes from the jars,
/// slowly.
public final class TrainingRun {
    private TrainingRun() {}

    /// @param args a whole capture; one that ends within a packet
    public static void main(String[] args) {
        String whole = args[0];
        String cut = args[1];
        int read =
                Main.run("scan", "--stats", "--format=ndjson", "--workers=1", whole, whole, whole);
        int readInPart = Main.run("scan", cut);
        new ChunkMemory(ChunkMemory.LARGE, 1).close(); // the native calls of a table of many flows
        System.exit(read == 0 && readInPart == 1 ? 0 : Main.INTERNAL);
    }
}
