-- The signatures a sensor recognises miners by: the revision of its pack. Null: not told.

ALTER TABLE sensor ADD COLUMN pack text;
