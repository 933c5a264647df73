/// Releases: signature files and settings in one file, signed by whoever writes them. The collector
/// hands the file on as it is, so that who takes over a collector cannot change what sensors look
/// for.
///
/// ```
/// 0   "minewatch-rel 1\n"   16 bytes
/// 16  signature             64 bytes, Ed25519 over "minewatch release 1\0" and the payload
/// 80  payload               the rest: a Release message, serialized
/// ```
///
/// - **In:** bytes of a stranger, at most [ReleaseFile#MAX_BYTES]. **Out:** a release that one of
///   the given keys signed and that is within its bounds, or a [ReleaseException] that says why
///   not.
///
/// Source: RFC 8032 (Ed25519), RFC 8410 (its keys in PKCS 8 and SubjectPublicKeyInfo).
@NullMarked
package minewatch.feed.release;

import org.jspecify.annotations.NullMarked;
