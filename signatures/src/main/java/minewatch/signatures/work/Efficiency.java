package minewatch.signatures.work;

/// A kind of mining hardware, as a source states it.
///
/// @param algorithm contract name, `sha256d`
/// @param hashrate of one device, hashes per second; NaN where the source does not say
/// @param joulesPerHash joules a hash; NaN where the source does not say
/// @param year of release
/// @param asic made for this alone; not a CPU or GPU
record Efficiency(
        String algorithm,
        String hardware,
        double hashrate,
        double joulesPerHash,
        int year,
        boolean asic) {}
