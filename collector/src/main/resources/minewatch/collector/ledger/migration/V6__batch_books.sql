-- What a batch tells of the hits before it, so that a loss can be counted where the sensor itself could not.
-- hits_before: hits its spool was given before this batch; null if not known. sent_hits: hits in it, refused
-- ones included. clock_jump: seconds the sensor's clock was set by since the batch before; null for none.

ALTER TABLE batch
    ADD COLUMN hits_before bigint,
    ADD COLUMN sent_hits integer,
    ADD COLUMN clock_jump double precision;
