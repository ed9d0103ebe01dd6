-- People who have signed in to the console. Of a token only the hash is kept; a session that ended has no row.

CREATE TABLE session (
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role IN ('Agent', 'Supervisor', 'Admin')),
    hash         TEXT    NOT NULL,
    key_id       TEXT    REFERENCES access_key (id),
    user_id      TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE INDEX session_of_key ON session (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX session_oldest ON session (expires_at);
