package minewatch.sensor.release;

import minewatch.sensor.SensorConfig;
import minewatch.signatures.SignaturePack;

/// What a sensor works with.
///
/// @param release the number of the release that is part of it; 0: none is
/// @param config the settings in force
/// @param revision of the pack
public record Equipment(long release, SensorConfig config, SignaturePack pack, String revision) {}
