/// What the coinbase transaction of a job tells: a pool signs its blocks with a tag and pays them
/// to its own addresses, so a job names the pool it comes from, through whatever relay.
///
/// - **In:** the two halves of a coinbase transaction from `mining.notify`: foreign bytes.
/// - **Out:** a pool's name and what it is known by, or nothing.
/// - **Thread:** all immutable.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.coinbase;
