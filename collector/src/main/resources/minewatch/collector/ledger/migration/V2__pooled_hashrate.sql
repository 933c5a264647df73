-- A source's hashrate rests on all hits of a day instead of on the latest one: short intervals with
-- few shares say little each and much together. One row an hour, so that a day can be told from what
-- came before; it is still a sum over hits that can be computed anew.

DROP TABLE project_hashrate;

CREATE TABLE project_hashrate (
    project_id  bigint NOT NULL,
    source_ip   inet NOT NULL,
    algorithm   text NOT NULL,
    unit        text NOT NULL,
    sensor      text NOT NULL, -- two that see the same traffic must not count it twice
    hour        timestamptz NOT NULL, -- in which the hits ended
    hashes      double precision NOT NULL, -- rate times seconds, added up
    squares     double precision NOT NULL, -- hashes² over effective shares, added up
    shares      bigint NOT NULL,
    seen        tstzmultirange NOT NULL, -- what the rates were measured over
    powered     double precision NOT NULL, -- of the hashes, those whose hits state a power
    energy_low  double precision NOT NULL, -- joules of these, at the efficiency of each bound
    energy_best double precision NOT NULL,
    energy_high double precision NOT NULL,
    PRIMARY KEY (project_id, source_ip, algorithm, unit, sensor, hour),
    FOREIGN KEY (project_id, source_ip) REFERENCES project_source ON DELETE CASCADE
);

-- Hits of before this migration.
INSERT INTO project_hashrate
WITH rate AS (
    SELECT a.project_id, h.source_ip, r.key AS algorithm, r.value->>'unit' AS unit,
        h.json->>'sensor' AS sensor, date_trunc('hour', h.last_seen, 'UTC') AS hour, h.last_seen,
        (r.value->>'best')::double precision AS best, (r.value->>'shares')::bigint AS shares,
        least((r.value->>'seconds')::double precision,
            extract(epoch FROM h.last_seen - h.first_seen)::double precision) AS seconds
    FROM hit h
    CROSS JOIN LATERAL (SELECT project_id FROM attribution
        WHERE hit_id = h.id ORDER BY id DESC LIMIT 1) a
    CROSS JOIN LATERAL jsonb_each(h.json->'hashrate') r
    WHERE r.value->>'basis' = 'shares'
)
SELECT project_id, source_ip, algorithm, unit, sensor, hour,
    sum(best * seconds), sum((best * seconds) ^ 2 / shares), sum(shares),
    range_agg(tstzrange(last_seen - make_interval(secs => seconds), last_seen)), 0, 0, 0, 0
FROM rate WHERE shares > 0 AND seconds > 0 AND best > 0
GROUP BY project_id, source_ip, algorithm, unit, sensor, hour;

-- What each source IP hashes, pooled over the 24 hours up to its newest hit. Of several sensors the one
-- that saw most counts. Bounds: 95 % for the Poisson count n of shares, n = (ΣH)²/ΣH², in Wilson and
-- Hilferty's approximation of χ² (within 1 % of the exact bounds from four shares on, wider below).
CREATE VIEW project_rate AS
WITH recent AS NOT MATERIALIZED (
    SELECT h.* FROM project_hashrate h
    JOIN (SELECT project_id, source_ip, max(hour) AS newest
        FROM project_hashrate GROUP BY project_id, source_ip) n USING (project_id, source_ip)
    WHERE h.hour > n.newest - interval '24 hours'
), observed AS NOT MATERIALIZED (
    SELECT project_id, source_ip, sensor,
        sum(extract(epoch FROM upper(stretch) - lower(stretch)))::double precision AS seconds
    FROM (SELECT project_id, source_ip, sensor, unnest(range_agg(seen)) AS stretch
        FROM recent GROUP BY project_id, source_ip, sensor) s
    GROUP BY project_id, source_ip, sensor
), pooled AS NOT MATERIALIZED (
    SELECT project_id, source_ip, algorithm, unit, sensor,
        sum(hashes) AS hashes, sum(hashes) ^ 2 / sum(squares) AS n,
        sum(shares)::bigint AS shares, nullif(sum(powered), 0) AS powered,
        sum(energy_low) AS energy_low, sum(energy_best) AS energy_best,
        sum(energy_high) AS energy_high
    FROM recent GROUP BY project_id, source_ip, algorithm, unit, sensor
), bounded AS NOT MATERIALIZED (
    SELECT DISTINCT ON (project_id, source_ip, algorithm, unit) p.*,
        hashes / seconds AS best,
        hashes / seconds * (1 - 1 / (9 * n) - 1.96 / (3 * sqrt(n))) ^ 3 AS low,
        hashes / seconds * (n + 1) / n
            * (1 - 1 / (9 * (n + 1)) + 1.96 / (3 * sqrt(n + 1))) ^ 3 AS high
    FROM pooled p JOIN observed o USING (project_id, source_ip, sensor)
    ORDER BY project_id, source_ip, algorithm, unit, hashes DESC, sensor
)
SELECT project_id, source_ip, algorithm, unit, low, best, high, shares,
    low * energy_low / powered AS power_low,
    best * energy_best / powered AS power_best,
    high * energy_high / powered AS power_high
FROM bounded;
