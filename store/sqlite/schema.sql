-- Moments are milliseconds since 1970 UTC. A fence of 0 means: held by nobody.

CREATE TABLE incidents (
	number  INTEGER PRIMARY KEY,
	version INTEGER NOT NULL,
	open    INTEGER NOT NULL, -- whether people are at work on it
	rank    INTEGER NOT NULL, -- its severity's, 0 = the worst
	changed INTEGER NOT NULL, -- when its last commit was made
	cited   TEXT NOT NULL,    -- JSON: the timeline entries that hold its texts
	row     BLOB NOT NULL,    -- its summary
	head    BLOB NOT NULL
);
CREATE INDEX incidents_open ON incidents (rank, number) WHERE open;
CREATE INDEX incidents_changed ON incidents (changed);

CREATE TABLE channels (
	channel TEXT PRIMARY KEY,
	number  INTEGER NOT NULL REFERENCES incidents
) WITHOUT ROWID;

CREATE TABLE entries (
	number INTEGER NOT NULL REFERENCES incidents,
	seq    INTEGER NOT NULL,
	body   BLOB NOT NULL,
	PRIMARY KEY (number, seq)
) WITHOUT ROWID;

CREATE TABLE parts (
	number INTEGER NOT NULL REFERENCES incidents,
	kind   TEXT NOT NULL,
	id     TEXT NOT NULL,
	body   BLOB NOT NULL,
	PRIMARY KEY (number, kind, id)
) WITHOUT ROWID;

-- The requests that were committed, for as long as they might come again.
CREATE TABLE keys (
	key    TEXT PRIMARY KEY,
	number INTEGER NOT NULL, -- of the first incident that it changed, 0 if it changed none
	at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX keys_at ON keys (at);

CREATE TABLE timers (
	number INTEGER NOT NULL REFERENCES incidents,
	name   TEXT NOT NULL,
	at     INTEGER NOT NULL,
	gen    INTEGER NOT NULL,
	due    INTEGER NOT NULL, -- at, or while it is claimed the claim's end
	fence  INTEGER NOT NULL,
	PRIMARY KEY (number, name)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due);

-- What limits deliveries: "op:…" and "to:…" are a generic cell rate's
-- theoretical arrival time, "block:…" the moment until which an op is blocked,
-- "opens:…" when an op or a destination lets its next one through, as last seen.
-- All of them mean nothing once they are past.
CREATE TABLE gates (
	gate  TEXT PRIMARY KEY,
	until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE slots (
	job  TEXT PRIMARY KEY,
	slot INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE counters (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counters VALUES ('fence', 0); -- counts leases, claims and notices
