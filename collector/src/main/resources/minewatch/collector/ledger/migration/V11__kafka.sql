-- Batches that come through Kafka: how far each partition of a topic is read, written in the transaction of
-- the batches themselves.

CREATE TABLE kafka_offset (
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- They come in any order. Of each spool, every number up to through_seq is a batch or in a gap.
CREATE TABLE kafka_stream (
    sensor_id   text NOT NULL REFERENCES sensor,
    boot_id     uuid NOT NULL,
    through_seq bigint NOT NULL,
    PRIMARY KEY (sensor_id, boot_id)
);

-- For a batch that comes after all: the gap it was missed with.
CREATE INDEX gap_not_arrived ON gap (batch_id) WHERE reason = 'not-arrived';
