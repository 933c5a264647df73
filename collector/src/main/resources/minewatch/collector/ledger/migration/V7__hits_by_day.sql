-- Hits in one partition a day, so that old ones can be dropped without touching the others, and with no more
-- in a row than is asked for: what they are attributed to at first is in the hit itself, and `attribution` has
-- only what was corrected later. The newest row there holds; without one, the hit's own.
--
-- The day is the one the hit was received on, by the database's clock: one day more each day, whatever time a
-- sensor claims. First by what the verdict is worth, for their ends of life differ: `evidence` is what a
-- regulator may act on or look into, `weak` is not.
--
-- Without foreign keys: checking one takes as long as writing the row. The one statement that writes hits
-- writes their batch and project before them, in the same transaction.

ALTER TABLE hit RENAME TO hit_before;
ALTER TABLE attribution DROP CONSTRAINT attribution_hit_id_fkey;

CREATE TABLE hit (
    id          bigint NOT NULL DEFAULT nextval('hit_id'),
    batch_id    bigint NOT NULL,
    received_on date NOT NULL,
    source_ip   inet NOT NULL,
    first_seen  timestamptz NOT NULL,
    last_seen   timestamptz NOT NULL,
    verdict     text NOT NULL,
    confidence  double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    project_id  bigint NOT NULL,
    allocations bigint[], -- null: none
    prefix      text,
    source      text,
    revision    bigint NOT NULL,
    record      bytea NOT NULL -- minewatch.feed.v1.Hit as protobuf; the rest is for finding it
) PARTITION BY LIST (verdict);
ALTER TABLE hit ALTER record SET STORAGE EXTERNAL; -- in the row, as it is: compressing costs more than writing

CREATE TABLE hit_evidence PARTITION OF hit FOR VALUES IN ('miner', 'probable', 'relay', 'browser')
    PARTITION BY RANGE (received_on);
CREATE TABLE hit_weak PARTITION OF hit FOR VALUES IN ('possible', 'node')
    PARTITION BY RANGE (received_on);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Made ahead by the collector, or when the first hit of a day comes. Returns how many were not there yet.
CREATE FUNCTION make_hit_partitions(day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    child  text;
    made   integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('minewatch.hit_partitions', 0));
    FOREACH parent IN ARRAY ARRAY['hit_evidence', 'hit_weak'] LOOP
        child := parent || to_char(day, '_YYYYMMDD');
        CONTINUE WHEN to_regclass(child) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)'
            ' WITH (toast_tuple_target = 8160)', child, parent, day, day + 1);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', child);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

SELECT make_hit_partitions(day)
FROM (SELECT DISTINCT (received_at AT TIME ZONE 'UTC')::date AS day FROM batch WHERE hits > 0) used;

INSERT INTO hit
SELECT h.id, h.batch_id, (b.received_at AT TIME ZONE 'UTC')::date, h.source_ip, h.first_seen, h.last_seen,
    h.verdict, h.confidence, a.project_id, nullif(a.allocations, '{}'), nullif(a.prefix, ''),
    nullif(a.source, ''), a.revision, h.record
FROM hit_before h
JOIN batch b ON b.id = h.batch_id
CROSS JOIN LATERAL (SELECT * FROM attribution WHERE hit_id = h.id ORDER BY id LIMIT 1) a
ORDER BY h.id;

ALTER SEQUENCE hit_id OWNED BY hit.id;
DROP TABLE hit_before;

CREATE INDEX hit_by_id ON hit (id);
CREATE INDEX hit_by_project ON hit (project_id, id);
CREATE INDEX hit_by_source ON hit (source_ip);
CREATE INDEX hit_by_order ON hit USING brin (batch_id, first_seen, last_seen);

-- Room for the next version of a row beside it: these rows change with every hit of their source.
ALTER TABLE project_source SET (fillfactor = 60);
ALTER TABLE project_hashrate SET (fillfactor = 60);
