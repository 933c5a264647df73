-- Miners behind a source IP, at least: the most that one hit tells. Only of hits that are proof or strong
-- sign of mining; null where none tells. A sum over hits, like its neighbours, that can be computed anew.

ALTER TABLE project_source ADD COLUMN miners integer;

-- Hits of before this migration.
UPDATE project_source s SET miners = told.miners
FROM (
    SELECT a.project_id, h.source_ip, max((h.json->>'miners')::integer) AS miners
    FROM hit h
    CROSS JOIN LATERAL (SELECT project_id FROM attribution
        WHERE hit_id = h.id ORDER BY id DESC LIMIT 1) a
    WHERE h.verdict IN ('miner', 'probable', 'browser', 'relay')
    GROUP BY a.project_id, h.source_ip
) told
WHERE told.project_id = s.project_id AND told.source_ip = s.source_ip;
