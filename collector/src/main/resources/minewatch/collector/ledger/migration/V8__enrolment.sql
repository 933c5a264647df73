-- Tokens by which sensors enrol, once each. Known by the SHA-256 of their secret alone.

CREATE TABLE enrolment_token (
    hash bytea PRIMARY KEY,
    sensor_id text NOT NULL, -- may not have said hello yet
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz -- null: not yet
);
