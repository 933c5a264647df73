package minewatch.sensor.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minewatch.feed.v1.Hit;

/// Aligned columns for people. Waits for all hits, so that the columns fit.
final class TablePrinter implements HitPrinter {
    private static final List<String> HEADINGS =
            List.of(
                    "SOURCE IP",
                    "VERDICT",
                    "CONFIDENCE",
                    "PROTOCOL",
                    "ALGORITHM",
                    "POOL",
                    "ACCEPTED/SENT",
                    "HASHRATE",
                    "AGENT",
                    "FILE");
    private static final int VERDICT_COLUMN = 1;

    private final Appendable out;
    private final boolean colour;
    private final List<List<String>> rows = new ArrayList<>();

    TablePrinter(Appendable out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    @Override
    public void print(List<Hit> hits) {
        for (Hit hit : hits) {
            rows.add(
                    List.of(
                            HitText.sourceIp(hit),
                            HitText.verdict(hit),
                            String.format(
                                    Locale.ROOT,
                                    "%.3f",
                                    Math.floor(hit.getConfidence() * 1000) / 1000),
                            String.join(" ", hit.getProtocolsList()),
                            String.join(" ", hit.getAlgorithmsList()),
                            HitText.pools(hit),
                            HitText.shares(hit),
                            HitText.hashrate(hit),
                            String.join(", ", hit.getAgentsList()),
                            hit.getFile()));
        }
    }

    @Override
    public void finish() throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        int[] widths = widths();
        printRow(HEADINGS, widths, false);
        for (List<String> row : rows) {
            printRow(row, widths, colour);
        }
    }

    private int[] widths() {
        int[] widths = new int[HEADINGS.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = HEADINGS.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private void printRow(List<String> cells, int[] widths, boolean coloured) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            boolean last = i == widths.length - 1;
            String padding = last ? "" : " ".repeat(widths[i] - cell.length() + 2);
            line.append(coloured && i == VERDICT_COLUMN ? colour(cell) : cell).append(padding);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static String colour(String verdict) {
        String code =
                switch (verdict) {
                    case "miner", "browser" -> "31";
                    case "probable", "relay" -> "33";
                    default -> "36";
                };
        return "\u001b[" + code + "m" + verdict + "\u001b[0m";
    }
}
