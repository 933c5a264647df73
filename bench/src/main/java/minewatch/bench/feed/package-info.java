/// A collector under load: a real process with its own PostgreSQL, sensors made up over real mutual
/// TLS.
@org.jspecify.annotations.NullMarked
package minewatch.bench.feed;
