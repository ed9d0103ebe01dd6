-- What was requested lately is asked for at every look at the console; without this, all that ever were are read for it.
CREATE INDEX handoff_requested ON handoff (requested_at);
