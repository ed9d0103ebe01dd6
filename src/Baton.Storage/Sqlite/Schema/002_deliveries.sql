-- The outbox: events for receivers outside, written in the transaction of what they tell of. A body holds ids and codes, never what was said, so erasing a customer leaves it.

CREATE TABLE delivery (
    seq             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,    -- the order in which they happened
    id              TEXT    NOT NULL UNIQUE,                       -- from event and receiver: an event is written once
    target          TEXT    NOT NULL,
    conversation_id TEXT    NOT NULL,
    event_type      TEXT    NOT NULL,
    body            TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('Pending', 'Delivered', 'Dead')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    due_at          INTEGER,
    last_error      TEXT,
    lease           INTEGER NOT NULL DEFAULT 0,
    lease_until     INTEGER,
    CHECK ((state = 'Pending') = (due_at IS NOT NULL))
) STRICT;

CREATE INDEX delivery_due ON delivery (target, due_at) WHERE state = 'Pending';
CREATE INDEX delivery_in_line ON delivery (target, conversation_id, seq) WHERE state = 'Pending';
CREATE INDEX delivery_of_conversation ON delivery (conversation_id, seq);

CREATE TABLE delivery_attempt (
    delivery_id  TEXT    NOT NULL REFERENCES delivery (id),
    at           INTEGER NOT NULL,
    status       INTEGER,
    error        TEXT,
    milliseconds REAL    NOT NULL
) STRICT;

CREATE INDEX delivery_attempt_of ON delivery_attempt (delivery_id, at);
