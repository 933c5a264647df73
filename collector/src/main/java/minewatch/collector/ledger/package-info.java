/// Append-only PostgreSQL: the only room that writes; migrations beside it.
@org.jspecify.annotations.NullMarked
package minewatch.collector.ledger;
