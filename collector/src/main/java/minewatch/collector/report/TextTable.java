package minewatch.collector.report;

import java.io.IOException;
import java.util.List;

/// Columns aligned for a terminal, where a Chinese character takes two cells.
final class TextTable {
    private final List<String> titles;
    private final List<List<String>> rows;

    TextTable(List<String> titles, List<List<String>> rows) {
        this.titles = titles;
        this.rows = rows.stream().map(TextTable::harmless).toList();
    }

    void write(Appendable out) throws IOException {
        int[] widths = new int[titles.size()];
        widen(widths, titles);
        rows.forEach(row -> widen(widths, row));
        writeRow(titles, widths, out);
        for (List<String> row : rows) {
            writeRow(row, widths, out);
        }
    }

    /// No control characters: a name must not move the cursor.
    private static List<String> harmless(List<String> row) {
        return row.stream().map(cell -> cell.replaceAll("\\p{Cntrl}", "\uFFFD")).toList();
    }

    private static void widen(int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(row.get(i)));
        }
    }

    private static void writeRow(List<String> row, int[] widths, Appendable out)
            throws IOException {
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            out.append(cell);
            if (i < widths.length - 1) {
                out.append(" ".repeat(widths[i] - width(cell) + 2));
            }
        }
        out.append('\n');
    }

    /// Cells of a terminal the text takes.
    static int width(String text) {
        return text.codePoints().map(TextTable::width).sum();
    }

    private static int width(int codePoint) {
        boolean wide =
                (codePoint >= 0x1100 && codePoint <= 0x115F)
                        || (codePoint >= 0x2E80 && codePoint <= 0xA4CF)
                        || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
                        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                        || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
                        || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
                        || (codePoint >= 0xFFE0 && codePoint <= 0xFFE6)
                        || (codePoint >= 0x20000 && codePoint <= 0x3FFFD);
        int type = Character.getType(codePoint);
        boolean zero = type == Character.NON_SPACING_MARK || type == Character.FORMAT;
        return zero ? 0 : wide ? 2 : 1;
    }
}
