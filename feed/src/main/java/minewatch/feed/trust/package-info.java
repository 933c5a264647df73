/// Whether the certificate at the other end of a feed connection is to be trusted; both sides ask
/// the same way. Any thread; files are read as needed.
@org.jspecify.annotations.NullMarked
package minewatch.feed.trust;
