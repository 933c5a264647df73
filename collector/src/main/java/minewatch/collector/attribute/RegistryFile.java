package minewatch.collector.attribute;

import java.util.List;

/// A registry file, read and found faultless.
///
/// @param name file name without its folder
/// @param sha256 of its bytes, 64 hexadecimal digits
/// @param lines data lines
/// @param rows at least one for each line
/// @param ignoredColumns header names nothing is taken from
public record RegistryFile(
        String name,
        String sha256,
        int lines,
        List<RegistryRow> rows,
        List<String> ignoredColumns) {}
