-- Keys to the API and what was answered to repeated requests. Of a token only the hash is kept. Answers may quote a customer: they are erased with the conversation and forgotten after two days.

CREATE TABLE access_key (
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role IN ('Bot', 'Agent', 'Supervisor', 'Admin')),
    hash         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;

CREATE TABLE conversation_bot (
    conversation_id TEXT NOT NULL PRIMARY KEY,
    bot             TEXT NOT NULL              -- the key's name: a new key of the same bot keeps its conversations
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_answer (
    caller          TEXT    NOT NULL,
    key             TEXT    NOT NULL,
    fingerprint     TEXT    NOT NULL,
    status          INTEGER NOT NULL,
    content_type    TEXT,
    body            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    conversation_id TEXT,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_answer_oldest ON kept_answer (at);
CREATE INDEX kept_answer_of_conversation ON kept_answer (conversation_id) WHERE conversation_id IS NOT NULL;

-- Pages of conversations go by start and id.
DROP INDEX conversation_newest;
CREATE INDEX conversation_newest ON conversation (started_at, id);
