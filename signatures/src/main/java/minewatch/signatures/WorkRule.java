package minewatch.signatures;

/// How a dialect's difficulty or target translates to expected hashes a share.
///
/// @param hashesPerDifficulty hashes a share at difficulty 1; NaN where the dialect has no
///   difficulty
/// @param targetForm how a target is written
/// @param unit `H/s`, `Sol/s` or `g/s`
public record WorkRule(double hashesPerDifficulty, TargetForm targetForm, String unit) {

    /// How a target is written on the wire (HASHRATE sources in the reference page of signatures).
    public enum TargetForm {
        /// The dialect has none.
        NONE,
        /// Up to 64 hex digits, big-endian, `0x` optional, leading zeros optional: 2^256/(T+1)
        /// hashes.
        BIG_ENDIAN_256,
        /// 64 hex digits, the byte pairs backwards: 2^256/(T+1) hashes.
        LITTLE_ENDIAN_256,
        /// 8 hex digits little-endian t: 2^32/t hashes; 16 digits: 2^64/t.
        CRYPTONOTE,
        /// A decimal number T, as a string or a number: 2^256/T hashes (Ergo's `b`).
        DECIMAL,
        /// A difficulty packed into 32 bits m, 24 of them the mantissa without its first bit: (2^24
        /// + (m mod 2^24)) · 2^((m div 2^24) − 24) solutions (Beam, `core/difficulty.cpp`).
        BEAM
    }
}
