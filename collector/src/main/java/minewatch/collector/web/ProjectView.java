package minewatch.collector.web;

import java.util.List;
import minewatch.collector.report.HashrateEstimate;
import minewatch.collector.report.ProjectRow;
import org.jspecify.annotations.Nullable;

/// One line of the ledger as it is shown.
public final class ProjectView {
    private final ProjectRow row;
    private final Page page;
    private final Regions regions;

    ProjectView(ProjectRow row, Page page, Regions regions) {
        this.row = row;
        this.page = page;
        this.regions = regions;
    }

    /// Hashrate of one algorithm.
    public record Rate(String algorithm, Formats.Figure figure, long shares, IntervalBar bar) {}

    public ProjectRow row() {
        return row;
    }

    public String address() {
        return "/projects/" + row.id();
    }

    public boolean assigned() {
        return row.enterprise() != null;
    }

    /// Name of the enterprise; where no registry knows one, the source IP.
    public String name() {
        return row.enterprise() == null ? sourceIps() : HitView.printable(row.enterprise());
    }

    public String sourceIps() {
        return String.join(", ", row.sourceIps());
    }

    public @Nullable String region() {
        return row.regionCode() == null ? null : regions.name(row.regionCode(), page.language());
    }

    /// The verdict's name where the console knows it, else `unspecified`.
    public String verdict() {
        return page.has("verdict." + row.verdict()) ? row.verdict() : "unspecified";
    }

    /// Miners at least, in words; null where that is no more than there are addresses, or not told.
    public @Nullable String manyMiners() {
        Long least = row.minersAtLeast();
        return least == null || least <= row.miners() ? null : page.text("miners.many", least);
    }

    public String protocols() {
        return String.join(", ", row.protocols());
    }

    /// Each algorithm by itself, on a scale of its own.
    public List<Rate> rates() {
        return row.hashrate().stream().map(this::rate).toList();
    }

    private Rate rate(HashrateEstimate estimate) {
        return new Rate(
                estimate.algorithm(),
                page.formats().hashrate(estimate.rate(), estimate.unit()),
                estimate.shares(),
                IntervalBar.of(estimate.rate(), estimate.rate().high()));
    }

    public Formats.@Nullable Figure power() {
        return row.power() == null ? null : page.formats().power(row.power());
    }

    public @Nullable IntervalBar powerBar() {
        return row.power() == null ? null : IntervalBar.of(row.power(), row.power().high());
    }

    public Formats.@Nullable Figure energy() {
        return row.power() == null ? null : page.formats().energyPerDay(row.power());
    }

    /// Why there is no estimate of power.
    public String noPower() {
        return page.text(
                row.hashrate().isEmpty() ? "power.none.hashrate" : "power.none.efficiency");
    }

    public Formats.Stamp firstSeen() {
        return page.formats().time(row.firstSeen());
    }

    public Formats.Stamp lastSeen() {
        return page.formats().time(row.lastSeen());
    }
}
