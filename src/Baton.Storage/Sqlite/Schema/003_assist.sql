-- Agent assist: what was asked, what was offered, what agents did with it. No row holds a word of the transcript; titles, contents and callbacks may quote it, and are erased with the customer.

CREATE TABLE assist_request (
    id              TEXT    NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL,
    vendor_id       TEXT,
    state           TEXT    NOT NULL CHECK (state IN ('Asking', 'Waiting', 'Done', 'TimedOut')),
    version         INTEGER NOT NULL CHECK (version >= 1),
    asked_at        INTEGER NOT NULL,
    due_at          INTEGER,
    data            TEXT    NOT NULL,
    CHECK (due_at IS NULL OR state IN ('Asking', 'Waiting'))
) STRICT;

CREATE UNIQUE INDEX assist_request_of_vendor ON assist_request (vendor_id) WHERE vendor_id IS NOT NULL;
CREATE INDEX assist_request_of_conversation ON assist_request (conversation_id, asked_at, id);
CREATE INDEX assist_request_newest ON assist_request (asked_at, id);
CREATE INDEX assist_request_due ON assist_request (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE assist_callback (
    request_id TEXT    NOT NULL PRIMARY KEY REFERENCES assist_request (id),
    body       TEXT,                                            -- gone once it is ranked; the row stays and says that there was one
    at         INTEGER NOT NULL,
    ranked_at  INTEGER,
    CHECK ((ranked_at IS NULL) = (body IS NOT NULL))
) STRICT;

CREATE INDEX assist_callback_to_rank ON assist_callback (at) WHERE ranked_at IS NULL;

CREATE TABLE suggestion (
    position        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- the order in which they were offered
    id              TEXT    NOT NULL UNIQUE,                    -- from request, source and the source's own id: an answer taken twice is written once
    request_id      TEXT    NOT NULL REFERENCES assist_request (id),
    conversation_id TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('Offered', 'Displayed', 'Inserted', 'Edited', 'Sent', 'Dismissed', 'Expired')),
    version         INTEGER NOT NULL CHECK (version >= 1),
    accepted        INTEGER CHECK (accepted IN (0, 1)),
    outcome_at      INTEGER,
    expires_at      INTEGER,
    data            TEXT    NOT NULL,
    CHECK ((accepted IS NULL) = (outcome_at IS NULL)),
    CHECK (expires_at IS NULL OR state IN ('Offered', 'Displayed'))
) STRICT;

CREATE INDEX suggestion_of_request ON suggestion (request_id, position);
CREATE INDEX suggestion_of_conversation ON suggestion (conversation_id);
CREATE INDEX suggestion_expiring ON suggestion (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX suggestion_outcome ON suggestion (subject, outcome_at, accepted) WHERE accepted IS NOT NULL;

CREATE TABLE engagement (
    suggestion_id    TEXT    NOT NULL REFERENCES suggestion (id),
    did              TEXT    NOT NULL CHECK (did IN ('Displayed', 'Inserted', 'Edited', 'Sent', 'Dismissed', 'Expired')),
    agent_id         TEXT,
    at               INTEGER NOT NULL,
    forward_due      INTEGER,                                   -- when the source is told next; null when it is not to be told, or not any more
    forward_attempts INTEGER NOT NULL DEFAULT 0,                -- grows with each claim, so it is the claim's number too
    told_at          INTEGER,
    forward_error    TEXT,
    PRIMARY KEY (suggestion_id, did),
    CHECK (agent_id IS NOT NULL OR did = 'Expired'),
    CHECK (forward_due IS NULL OR told_at IS NULL)
) STRICT;

CREATE INDEX engagement_to_forward ON engagement (forward_due) WHERE forward_due IS NOT NULL;
