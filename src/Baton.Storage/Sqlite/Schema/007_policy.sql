-- Every version of the policy, as it was entered. Rows are only added; the newest is in force.

CREATE TABLE policy (
    number  INTEGER NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    version TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    text    TEXT    NOT NULL,
    by      TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    note    TEXT,
    source  TEXT    NOT NULL CHECK (source IN ('File', 'Console', 'Restored'))
) STRICT;

CREATE TRIGGER policy_stays BEFORE UPDATE ON policy
BEGIN
    SELECT RAISE(ABORT, 'a version of the policy never changes');
END;

CREATE TRIGGER policy_is_kept BEFORE DELETE ON policy
BEGIN
    SELECT RAISE(ABORT, 'a version of the policy is never deleted');
END;
