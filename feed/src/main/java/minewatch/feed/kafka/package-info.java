/// Batches through a Kafka topic: how the cluster is reached and what a record is. Both sides use
/// it, so that they cannot disagree.
@org.jspecify.annotations.NullMarked
package minewatch.feed.kafka;
