/// The collector: hits in, a ledger of mining projects out. `Collector` draws the whole; the rooms
/// below follow the hit's way.
@org.jspecify.annotations.NullMarked
package minewatch.collector;
