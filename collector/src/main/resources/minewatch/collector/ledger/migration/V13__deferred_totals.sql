-- Batches whose hits are stored and not yet in the totals: under load a writer adds up many transactions in memory
-- before it changes a source's rows, which cost more than the hits themselves. Whoever stores the totals deletes
-- the row in the same transaction; if the writer does not, somebody else makes them of the hits. Always under
-- registry_revision FOR SHARE, which comes first: whoever attributes hits anew has all rows to itself.

CREATE TABLE deferred_totals (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    begun_at timestamptz NOT NULL DEFAULT now(),
    batches  bigint[] NOT NULL
);

-- Checking these takes as long as writing the row (see V7). The statements that write the rows write those they
-- refer to before them, in the same transaction.
ALTER TABLE project_hashrate DROP CONSTRAINT project_hashrate_project_id_source_ip_fkey;
ALTER TABLE hit_sum DROP CONSTRAINT hit_sum_project_id_fkey;
