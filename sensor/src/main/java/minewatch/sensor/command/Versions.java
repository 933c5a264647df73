package minewatch.sensor.command;

import java.util.Objects;

/// Which version of Minewatch this is.
final class Versions {
    private Versions() {}

    /// From the jar's manifest; `development` outside a jar.
    static String current() {
        return Objects.requireNonNullElse(
                Versions.class.getPackage().getImplementationVersion(), "development");
    }
}
