-- The ledger. Rows of registry_import, batch, hit, gap and attribution are never changed nor
-- removed: corrections are new rows. project_source and project_hashrate are sums over them that can
-- be computed anew at any time. PostgreSQL 15 and later.

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- Registry ---------------------------------------------------------------------------------------

-- One row. Whoever changes the registry updates it; whoever attributes hits holds it FOR SHARE, so
-- that no hit is attributed by a registry that is being replaced.
CREATE TABLE registry_revision (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    revision bigint NOT NULL
);
INSERT INTO registry_revision (revision) VALUES (0);

-- Who says which address is whose: an ISP's IP filing export, an IPAM, a regional registry.
CREATE TABLE registry_source (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$')
);

CREATE TABLE registry_import (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   integer NOT NULL REFERENCES registry_source,
    file_name   text NOT NULL,
    sha256      bytea NOT NULL CHECK (octet_length(sha256) = 32),
    replaces    boolean NOT NULL,
    rows        integer NOT NULL,
    added       integer NOT NULL,
    retired     integer NOT NULL,
    revision    bigint NOT NULL,
    operator    text NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE allocation (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   integer NOT NULL REFERENCES registry_source,
    prefix      inet NOT NULL CHECK (prefix = network(prefix)),
    valid       tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    enterprise  text NOT NULL,
    credit_code text,
    region_code text CHECK (region_code ~ '^[0-9]{6}$'),
    address     text,
    use_mode    text NOT NULL CHECK (use_mode IN ('static', 'dynamic', 'unknown')),
    import_id   bigint NOT NULL REFERENCES registry_import,
    line        integer NOT NULL,
    retired_by  bigint REFERENCES registry_import,
    -- The hash leads because it spreads evenly: with prefix or source_id first, GiST's pages overlap and a
    -- million rows take hours instead of seconds. The columns behind it make the constraint exact.
    EXCLUDE USING gist (hashinetextended(prefix, source_id::bigint) WITH =,
        prefix inet_ops WITH =, source_id WITH =, valid WITH &&)
        WHERE (retired_by IS NULL)
);

-- Feed -------------------------------------------------------------------------------------------

CREATE TABLE sensor (
    id           text PRIMARY KEY,
    version      text NOT NULL DEFAULT '',
    enrolled_at  timestamptz NOT NULL DEFAULT now(),
    heard_at     timestamptz NOT NULL DEFAULT now(),
    heartbeat    jsonb
);

CREATE TABLE batch (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sensor_id   text NOT NULL REFERENCES sensor,
    boot_id     uuid NOT NULL,
    seq         bigint NOT NULL CHECK (seq > 0),
    created_at  timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    digest      bytea NOT NULL CHECK (octet_length(digest) = 32),
    hits        integer NOT NULL,
    gaps        integer NOT NULL,
    UNIQUE (sensor_id, boot_id, seq)
);

CREATE SEQUENCE hit_id AS bigint CACHE 1;

-- Times are those of the record, cut to microseconds; the record itself keeps the nanoseconds.
CREATE TABLE hit (
    id         bigint PRIMARY KEY DEFAULT nextval('hit_id'),
    batch_id   bigint NOT NULL REFERENCES batch,
    source_ip  inet NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    verdict    text NOT NULL CHECK (verdict IN
                   ('miner', 'probable', 'possible', 'relay', 'browser', 'node')),
    confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    record     bytea NOT NULL,
    json       jsonb NOT NULL -- the record for queries; U+0000 is U+FFFD here
);
ALTER SEQUENCE hit_id OWNED BY hit.id;
CREATE INDEX hit_source ON hit (source_ip, id);

-- Hits known to be missing: lost at the sensor, or refused here because a field is impossible.
CREATE TABLE gap (
    batch_id  bigint NOT NULL REFERENCES batch,
    ordinal   integer NOT NULL,
    reason    text NOT NULL,
    detail    text NOT NULL DEFAULT '',
    first_seq bigint NOT NULL,
    last_seq  bigint NOT NULL,
    hits      bigint NOT NULL,
    PRIMARY KEY (batch_id, ordinal)
);

-- Projects ---------------------------------------------------------------------------------------

-- key: what makes a project one: the enterprise and its address, the set of those who claim the
-- same address, or the source IP nobody claims.
CREATE TABLE project (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL UNIQUE,
    kind        text NOT NULL CHECK (kind IN ('owned', 'contested', 'unassigned')),
    enterprise  text,
    credit_code text,
    region_code text,
    address     text,
    opened_at   timestamptz NOT NULL DEFAULT now()
);

-- The newest row of a hit (greatest id) holds; older ones tell what was believed before.
CREATE TABLE attribution (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hit_id      bigint NOT NULL REFERENCES hit,
    project_id  bigint NOT NULL REFERENCES project,
    allocations bigint[] NOT NULL,
    prefix      text,
    source      text,
    revision    bigint NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (hit_id, revision)
);
CREATE INDEX attribution_hit ON attribution (hit_id, id DESC);
CREATE INDEX attribution_project ON attribution (project_id, hit_id DESC);

CREATE TABLE project_source (
    project_id    bigint NOT NULL REFERENCES project,
    source_ip     inet NOT NULL,
    hits          bigint NOT NULL,
    first_seen    timestamptz NOT NULL,
    last_seen     timestamptz NOT NULL,
    strength      smallint NOT NULL, -- of the strongest verdict: node 1, possible 2, browser 3, relay 4, probable 5, miner 6
    confidence    double precision NOT NULL, -- the highest with that verdict
    mines         boolean NOT NULL, -- any hit was miner, probable or browser
    sessions      integer NOT NULL,
    protocols     text[] NOT NULL,
    power_seen    timestamptz,
    power_low     double precision,
    power_best    double precision,
    power_high    double precision,
    PRIMARY KEY (project_id, source_ip)
);
CREATE INDEX project_source_ip ON project_source (source_ip);

CREATE TABLE project_hashrate (
    project_id bigint NOT NULL,
    source_ip  inet NOT NULL,
    algorithm  text NOT NULL,
    unit       text NOT NULL,
    seen       timestamptz NOT NULL,
    low        double precision NOT NULL,
    best       double precision NOT NULL,
    high       double precision NOT NULL,
    shares     bigint NOT NULL,
    PRIMARY KEY (project_id, source_ip, algorithm, unit),
    FOREIGN KEY (project_id, source_ip) REFERENCES project_source ON DELETE CASCADE
);

-- Append-only ------------------------------------------------------------------------------------

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_import
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON batch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON gap
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attribution
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A registry row may be retired, once, and nothing else.
CREATE FUNCTION only_retire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_by IS NOT NULL
        OR to_jsonb(OLD) - 'retired_by' IS DISTINCT FROM to_jsonb(NEW) - 'retired_by' THEN
        RAISE EXCEPTION 'allocation is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_retire BEFORE UPDATE ON allocation
    FOR EACH ROW EXECUTE FUNCTION only_retire();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON allocation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
