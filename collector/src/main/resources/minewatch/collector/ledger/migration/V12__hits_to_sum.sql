-- What a transaction stores, added up by hour already, so that sums are made without reading the hits again:
-- that cost as much as storing them. Whoever stores hits adds rows, whoever adds them up deletes them.

CREATE TABLE hit_to_sum (
    hour       timestamptz NOT NULL,
    project_id bigint NOT NULL,
    source_ip  inet NOT NULL,
    hits       bigint NOT NULL,
    strength   smallint NOT NULL, -- of the strongest verdict, as in project_source
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL
);

INSERT INTO hit_to_sum
SELECT date_trunc('hour', last_seen, 'UTC'), project_id, source_ip, count(*), max(verdict_strength(verdict)),
    min(first_seen), max(last_seen)
FROM attributed_hit WHERE batch_id IN (SELECT batch_id FROM batch_to_sum)
GROUP BY 1, 2, 3;

DROP FUNCTION sum_batches;
DROP TABLE batch_to_sum;

-- Adds up at most so many rows; returns how many. The caller holds registry_revision FOR SHARE.
CREATE FUNCTION sum_hits(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    taken integer;
BEGIN
    WITH gone AS (
        DELETE FROM hit_to_sum
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM hit_to_sum LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING *
    ), added AS (
        INSERT INTO hit_sum AS old (span, begins, project_id, source_ip, hits, strength, first_seen, last_seen)
        SELECT span, date_trunc(span, hour, 'Asia/Shanghai') AS begins, project_id, source_ip, sum(hits),
            max(strength), min(first_seen), max(last_seen)
        FROM (
            SELECT hour, project_id, source_ip, sum(hits) AS hits, max(strength) AS strength,
                min(first_seen) AS first_seen, max(last_seen) AS last_seen
            FROM gone GROUP BY 1, 2, 3
        ) hours
        CROSS JOIN unnest(ARRAY['hour', 'day', 'week']) span
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (span, begins, project_id, source_ip) DO UPDATE SET
            hits = old.hits + excluded.hits,
            strength = greatest(old.strength, excluded.strength),
            first_seen = least(old.first_seen, excluded.first_seen),
            last_seen = greatest(old.last_seen, excluded.last_seen)
    )
    SELECT count(*) INTO taken FROM gone;
    RETURN taken;
END $$;

-- Sums of a source IP anew, after its hits were attributed anew. Nothing may wait to be added up. Spans in which
-- a hit may have been dropped stay as they were: of what is gone, what was believed then is all that is known.
CREATE OR REPLACE FUNCTION sum_source_again(source inet) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    complete_from timestamptz := coalesce((SELECT max(last_seen) FROM hits_dropped), '-infinity');
BEGIN
    DELETE FROM hit_sum WHERE source_ip = source AND begins > complete_from;
    INSERT INTO hit_sum (span, begins, project_id, source_ip, hits, strength, first_seen, last_seen)
    SELECT span, date_trunc(span, last_seen, 'Asia/Shanghai') AS begins, project_id, source_ip, count(*),
        max(verdict_strength(verdict)), min(first_seen), max(last_seen)
    FROM attributed_hit CROSS JOIN unnest(ARRAY['hour', 'day', 'week']) span
    WHERE source_ip = source AND date_trunc(span, last_seen, 'Asia/Shanghai') > complete_from
    GROUP BY 1, 2, 3, 4;
END $$;

-- Partitions whose day is over for so many days, oldest first.
CREATE OR REPLACE FUNCTION droppable_hits(class text, days integer) RETURNS TABLE (partition text, received_on date)
LANGUAGE sql STABLE AS $$
    SELECT name, day
    FROM (
        SELECT c.relname::text AS name, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = ('hit_' || class)::regclass
    ) partitions
    WHERE day < (now() AT TIME ZONE 'UTC')::date - days
    ORDER BY day
$$;

-- A day's hits are vacuumed once, when the day is over and nothing is added any more: each page would be written
-- again, with all of it in the log, while the load is on. What comes in is known to the index by time as soon as
-- a range of pages is full.
DROP INDEX hit_by_order;
CREATE INDEX hit_by_order ON hit USING brin (batch_id, first_seen, last_seen) WITH (autosummarize = on);

CREATE OR REPLACE FUNCTION make_hit_partitions(day date) RETURNS integer LANGUAGE plpgsql AS $$
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
            ' WITH (toast_tuple_target = 8160, autovacuum_vacuum_insert_threshold = -1)',
            child, parent, day, day + 1);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', child);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Lets autovacuum have the partitions whose day is over. Returns how many it had not before.
CREATE FUNCTION vacuum_past_hits() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    past regclass;
    let  integer := 0;
BEGIN
    FOR past IN
        SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('hit_evidence'::regclass, 'hit_weak'::regclass)
            AND 'autovacuum_vacuum_insert_threshold=-1' = ANY (c.reloptions)
            AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date
    LOOP
        EXECUTE format('ALTER TABLE %s RESET (autovacuum_vacuum_insert_threshold)', past);
        let := let + 1;
    END LOOP;
    RETURN let;
END $$;
