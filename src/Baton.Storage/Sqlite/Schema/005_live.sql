-- What the platform tells of running conversations (ids and instants, no word), and who may speak in them.

CREATE TABLE live_conversation (
    id      TEXT    NOT NULL PRIMARY KEY,
    told_at INTEGER NOT NULL,
    ended   INTEGER NOT NULL CHECK (ended IN (0, 1)),
    data    TEXT    NOT NULL
) STRICT;

CREATE INDEX live_conversation_oldest ON live_conversation (ended, told_at);

-- No row: the bot, from the beginning.
CREATE TABLE conversation_owner (
    conversation_id TEXT    NOT NULL PRIMARY KEY,
    owner           TEXT    NOT NULL CHECK (owner IN ('Bot', 'Queue', 'Agent', 'Nobody')),
    epoch           INTEGER NOT NULL CHECK (epoch >= 2),
    queue_id        TEXT,
    agent_id        TEXT,
    since           INTEGER NOT NULL
) STRICT;
