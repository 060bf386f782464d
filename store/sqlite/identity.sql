-- One row: which store this is, and whose.
CREATE TABLE identity (
	id        TEXT NOT NULL,
	workspace TEXT NOT NULL
);
