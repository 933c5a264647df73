package minewatch.collector.web;

import java.util.List;

/// The list of projects as it is shown: one sheet of at most [#SHEET] rows, totals over all.
///
/// @param sheet from 1
public record ListPage(
        Page page,
        Filter filter,
        List<RegionChoice> regions,
        List<ProjectView> rows,
        Totals totals,
        int sheet,
        int sheets) {
    static final int SHEET = 200;

    public record RegionChoice(String prefix, String name, boolean current) {}

    public String sheetAddress(int other) {
        return page.with("sheet", Integer.toString(other));
    }

    /// This sheet itself, for its refresh.
    public String self() {
        return page.with("sheet", Integer.toString(sheet));
    }
}
