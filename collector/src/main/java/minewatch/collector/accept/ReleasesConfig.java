package minewatch.collector.accept;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is handed on to sensors.
///
/// @param directory folder of `*.release` files, looked through each second; null: nothing is
/// @param keys PEM: public keys, one of which must have signed what is handed on; none: sensors
///   find out for themselves
public record ReleasesConfig(@Nullable Path directory, List<Path> keys) {}
