-- A lane exists for as long as notices wait in it. It stands in the line of what
-- limits its head, unless it is away: leased or postponed.
CREATE TABLE lanes (
	lane     TEXT PRIMARY KEY,
	line     TEXT NOT NULL,    -- its head's op, for posts with a space and the destination
	op       TEXT NOT NULL,    -- its head's
	priority INTEGER NOT NULL, -- the most urgent of its notices
	turn     INTEGER NOT NULL, -- since when its head is the head: the lowest goes first
	away     INTEGER NOT NULL,
	ready    INTEGER NOT NULL, -- while it is away: until when
	fence    INTEGER NOT NULL,
	in_doubt INTEGER NOT NULL, -- an attempt at its head may have arrived
	tries    INTEGER NOT NULL  -- attempts at its head so far
) WITHOUT ROWID;
CREATE INDEX lanes_away ON lanes (ready) WHERE away;
CREATE INDEX lanes_line ON lanes (line, priority, turn) WHERE NOT away;

-- A line exists for as long as lanes stand in it. It stands where its first lane
-- would, so that a look at the lines never has to pass those behind.
CREATE TABLE lines (
	line     TEXT PRIMARY KEY,
	op       TEXT NOT NULL,
	priority INTEGER NOT NULL,
	turn     INTEGER NOT NULL,
	opens    INTEGER NOT NULL -- until when it is known to wait for its destination, 0 = it does not
) WITHOUT ROWID;
CREATE INDEX lines_op ON lines (op, opens, priority, turn);
CREATE INDEX lines_shut ON lines (opens) WHERE opens <> 0;

CREATE TABLE notices (
	lane     TEXT NOT NULL REFERENCES lanes,
	seq      INTEGER NOT NULL, -- the store's count when it was queued
	key      TEXT NOT NULL,
	op       TEXT NOT NULL,
	merge    TEXT NOT NULL,
	priority INTEGER NOT NULL,
	body     BLOB NOT NULL,
	PRIMARY KEY (lane, seq)
) WITHOUT ROWID;
CREATE INDEX notices_priority ON notices (lane, priority);
CREATE INDEX notices_merge ON notices (lane, merge, seq) WHERE merge <> '';

-- When the last ones of an op passed, where it has a bound.
CREATE TABLE passes (
	op     TEXT NOT NULL,
	number INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (op, number)
) WITHOUT ROWID;

INSERT INTO counters VALUES
	('epoch', 0), -- the count at the last start: what was queued by then is in doubt
	('clock', 0); -- the latest moment that was seen
