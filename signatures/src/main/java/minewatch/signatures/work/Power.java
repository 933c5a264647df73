package minewatch.signatures.work;

/// What a hashrate draws at the miners themselves, in watts; cooling and supply are not in it.
///
/// @param basis algorithm and decades of the hardware it is reckoned by, `sha256d-2020s`
public record Power(double low, double best, double high, String basis) {}
