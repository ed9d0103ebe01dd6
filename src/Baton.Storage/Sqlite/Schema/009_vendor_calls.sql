-- The calls that were made for a step: a JSON array, NULL when there were none.
ALTER TABLE handoff_step ADD COLUMN calls TEXT;
