/// Mutual TLS listener: batches in, duplicates out, acknowledgement after commit.
@org.jspecify.annotations.NullMarked
package minewatch.collector.accept;
