-- The spool a sensor was last heard with: two machines with one certificate have two, and take turns.
-- Null until the sensor says hello again.

ALTER TABLE sensor ADD COLUMN boot_id uuid;
