package minewatch.sensor.inspect;

/// What the next room does with findings.
@FunctionalInterface
public interface FindingHandler {
    void onFinding(Finding finding);
}
