-- Instants are UTC in ticks of 100 ns: what .NET keeps, so nothing is rounded. JSON columns hold domain values as CoreJson writes them.

CREATE TABLE handoff (
    id              TEXT    NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('Requested', 'Transferring', 'Queued', 'WithAgent',
                                                      'Refused', 'Abandoned', 'ReturnedToBot', 'Failed', 'Canceled', 'Completed')),
    version         INTEGER NOT NULL CHECK (version >= 1),
    todo            INTEGER NOT NULL CHECK (todo BETWEEN 0 AND 8), -- the enum's number: its order is who goes first
    due_at          INTEGER,                                       -- wins over the one inside data: waking moves it without a new version
    woken_at        INTEGER,                                       -- heard of while it was claimed: due at once when given back
    lease           INTEGER NOT NULL DEFAULT 0,
    lease_until     INTEGER,
    requested_at    INTEGER NOT NULL,
    ended_at        INTEGER,
    data            TEXT    NOT NULL,
    CHECK ((todo = 0) = (due_at IS NULL)),
    CHECK ((ended_at IS NULL) = (state IN ('Requested', 'Transferring', 'Queued', 'WithAgent')))
) STRICT;

CREATE UNIQUE INDEX handoff_live ON handoff (conversation_id) WHERE ended_at IS NULL;
CREATE INDEX handoff_of_conversation ON handoff (conversation_id, id);
CREATE INDEX handoff_due ON handoff (todo, due_at) WHERE due_at IS NOT NULL;

CREATE TRIGGER handoff_end_is_final BEFORE UPDATE OF state ON handoff
WHEN old.ended_at IS NOT NULL AND new.state <> old.state
BEGIN
    SELECT RAISE(ABORT, 'an ended handoff never changes its state');
END;

CREATE TABLE handoff_step (
    handoff_id TEXT    NOT NULL REFERENCES handoff (id),
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    what       TEXT    NOT NULL,
    note       TEXT,
    PRIMARY KEY (handoff_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_key (
    key             TEXT    NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL,
    handoff_id      TEXT    NOT NULL REFERENCES handoff (id),
    at              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id         TEXT    NOT NULL PRIMARY KEY,
    media      TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    data       TEXT    NOT NULL -- without its turns
) STRICT;

CREATE INDEX conversation_newest ON conversation (started_at);

CREATE TABLE turn (
    conversation_id TEXT    NOT NULL REFERENCES conversation (id),
    turn_id         TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    data            TEXT    NOT NULL,
    PRIMARY KEY (conversation_id, turn_id)
) STRICT;

CREATE TABLE decision (
    id              INTEGER NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL REFERENCES conversation (id),
    at              INTEGER NOT NULL,
    outcome         TEXT    NOT NULL CHECK (outcome IN ('Stay', 'HandOff', 'Refused')),
    json            TEXT    NOT NULL
) STRICT;

CREATE INDEX decision_of_conversation ON decision (conversation_id, id);

CREATE TABLE pause (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    by    TEXT    NOT NULL,
    since INTEGER NOT NULL,
    why   TEXT
) STRICT;

CREATE TABLE owner (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    process INTEGER NOT NULL,
    started TEXT    NOT NULL,
    address TEXT
) STRICT;

CREATE TABLE seen_event (
    id TEXT    NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_event_oldest ON seen_event (at);

-- entry is the order over all chains; everything else is what is hashed.
CREATE TABLE audit (
    entry    INTEGER NOT NULL PRIMARY KEY,
    chain    TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    facts    TEXT    NOT NULL,
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL,
    UNIQUE (chain, sequence)
) STRICT;

CREATE TABLE audit_head (
    chain        TEXT    NOT NULL PRIMARY KEY,
    sequence     INTEGER NOT NULL,
    hash         TEXT    NOT NULL,
    checkpointed INTEGER NOT NULL DEFAULT 0 -- the sequence the newest checkpoint knows
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_head_moved ON audit_head (chain) WHERE checkpointed < sequence;

CREATE TABLE audit_salt (
    conversation_id TEXT NOT NULL PRIMARY KEY,
    salt            BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_checkpoint (
    number    INTEGER NOT NULL PRIMARY KEY,
    at        INTEGER NOT NULL,
    previous  TEXT    NOT NULL,
    digest    TEXT    NOT NULL,
    key_id    TEXT    NOT NULL,
    signature TEXT    NOT NULL
) STRICT;

CREATE TABLE audit_checkpoint_head (
    number   INTEGER NOT NULL REFERENCES audit_checkpoint (number),
    chain    TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    hash     TEXT    NOT NULL,
    PRIMARY KEY (number, chain)
) STRICT, WITHOUT ROWID;
