-- Whether a sensor sees anything and whether it drops, told by two heartbeats in a row: when its packets,
-- and when its drops, were last more than the heartbeat before had said. Null: never.

ALTER TABLE sensor ADD COLUMN packets_at timestamptz, ADD COLUMN drops_at timestamptz;

-- For a sensor's latest hits.
CREATE INDEX batch_sensor ON batch (sensor_id, id DESC) WHERE hits > 0;
