package minewatch.collector.report;

/// An estimate with its bounds, `low ≤ best ≤ high`.
public record Band(double low, double best, double high) {}
