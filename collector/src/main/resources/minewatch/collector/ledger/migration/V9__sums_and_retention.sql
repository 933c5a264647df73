-- How many hits each source IP had in each hour, day and week, kept when the hits themselves are dropped; and
-- what was dropped.
--
-- Sums are made of each batch once: whoever stores a batch notes it here, whoever adds it up deletes the note,
-- each in the transaction that does the work.

CREATE TABLE batch_to_sum (
    batch_id    bigint PRIMARY KEY,
    received_on date NOT NULL
);
INSERT INTO batch_to_sum SELECT id, (received_at AT TIME ZONE 'UTC')::date FROM batch WHERE hits > 0;

-- Days and weeks are those of China Standard Time, weeks begin on Monday. By the time of the hit's last packet.
CREATE TABLE hit_sum (
    span       text NOT NULL CHECK (span IN ('hour', 'day', 'week')),
    begins     timestamptz NOT NULL,
    project_id bigint NOT NULL REFERENCES project,
    source_ip  inet NOT NULL,
    hits       bigint NOT NULL,
    strength   smallint NOT NULL, -- of the strongest verdict, as in project_source
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    PRIMARY KEY (span, begins, project_id, source_ip)
) WITH (fillfactor = 70);
CREATE INDEX hit_sum_project ON hit_sum (project_id, span, begins);
CREATE INDEX hit_sum_source ON hit_sum (source_ip);

CREATE FUNCTION verdict_strength(verdict text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position(ARRAY['node', 'possible', 'browser', 'relay', 'probable', 'miner'], verdict)::smallint
$$;

-- A hit with the attribution that holds.
CREATE VIEW attributed_hit AS
SELECT h.id, h.batch_id, h.received_on, h.source_ip, h.first_seen, h.last_seen, h.verdict,
    coalesce(a.project_id, h.project_id) AS project_id
FROM hit h
LEFT JOIN LATERAL (SELECT project_id FROM attribution WHERE hit_id = h.id ORDER BY id DESC LIMIT 1) a ON true;

-- Adds up at most so many batches; returns how many. The caller holds registry_revision FOR SHARE.
CREATE FUNCTION sum_batches(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    taken bigint[];
    first_day date;
    last_day date;
BEGIN
    WITH gone AS (
        DELETE FROM batch_to_sum WHERE batch_id IN
            (SELECT batch_id FROM batch_to_sum ORDER BY batch_id LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING batch_id, received_on)
    SELECT array_agg(batch_id ORDER BY batch_id), min(received_on), max(received_on)
    INTO taken, first_day, last_day FROM gone;
    IF taken IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO hit_sum AS old (span, begins, project_id, source_ip, hits, strength, first_seen, last_seen)
    SELECT span, date_trunc(span, hour, 'Asia/Shanghai') AS begins, project_id, source_ip, sum(hits),
        max(strength), min(first_seen), max(last_seen)
    FROM (
        SELECT date_trunc('hour', last_seen, 'UTC') AS hour, project_id, source_ip, count(*) AS hits,
            max(verdict_strength(verdict)) AS strength, min(first_seen) AS first_seen,
            max(last_seen) AS last_seen
        FROM attributed_hit
        WHERE received_on BETWEEN first_day AND last_day
            AND batch_id BETWEEN taken[1] AND taken[cardinality(taken)] AND batch_id = ANY (taken)
        GROUP BY 1, 2, 3
    ) hours
    CROSS JOIN unnest(ARRAY['hour', 'day', 'week']) span
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (span, begins, project_id, source_ip) DO UPDATE SET
        hits = old.hits + excluded.hits,
        strength = greatest(old.strength, excluded.strength),
        first_seen = least(old.first_seen, excluded.first_seen),
        last_seen = greatest(old.last_seen, excluded.last_seen);
    RETURN cardinality(taken);
END $$;

-- Partitions of hits that were dropped because their time was over.
CREATE TABLE hits_dropped (
    partition   text NOT NULL,
    received_on date NOT NULL,
    hits        bigint NOT NULL,
    first_seen  timestamptz,
    last_seen   timestamptz,
    dropped_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hits_dropped
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Sums of a source IP anew, after its hits were attributed anew. Spans in which a hit may have been dropped
-- stay as they were: of what is gone, what was believed then is all that is known.
CREATE FUNCTION sum_source_again(source inet) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    complete_from timestamptz := coalesce((SELECT max(last_seen) FROM hits_dropped), '-infinity');
BEGIN
    DELETE FROM hit_sum WHERE source_ip = source AND begins > complete_from;
    INSERT INTO hit_sum (span, begins, project_id, source_ip, hits, strength, first_seen, last_seen)
    SELECT span, date_trunc(span, last_seen, 'Asia/Shanghai') AS begins, project_id, source_ip, count(*),
        max(verdict_strength(verdict)), min(first_seen), max(last_seen)
    FROM attributed_hit CROSS JOIN unnest(ARRAY['hour', 'day', 'week']) span
    WHERE source_ip = source AND date_trunc(span, last_seen, 'Asia/Shanghai') > complete_from
        AND NOT EXISTS (SELECT 1 FROM batch_to_sum waiting WHERE waiting.batch_id = attributed_hit.batch_id)
    GROUP BY 1, 2, 3, 4;
END $$;

-- Partitions whose day is over for so many days, oldest first, without those whose hits are not yet added up.
CREATE FUNCTION droppable_hits(class text, days integer) RETURNS TABLE (partition text, received_on date)
LANGUAGE sql STABLE AS $$
    SELECT name, day
    FROM (
        SELECT c.relname::text AS name, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = ('hit_' || class)::regclass
    ) partitions
    WHERE day < (now() AT TIME ZONE 'UTC')::date - days
        AND NOT EXISTS (SELECT 1 FROM batch_to_sum waiting WHERE waiting.received_on = day)
    ORDER BY day
$$;
