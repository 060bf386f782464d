-- Takes over what schema 1 kept in columns, once its incidents are converted,
-- and drops its tables. Its lanes are yet to be converted.

INSERT OR IGNORE INTO channels (channel, number) SELECT channel, number FROM v1_channels;
INSERT INTO keys (key, number, at) SELECT key, number, at FROM v1_keys;
INSERT INTO timers (number, name, at, gen, due, fence) SELECT number, kind, at, gen, due, fence FROM v1_timers;
INSERT INTO gates (gate, until) SELECT CASE
	WHEN gate GLOB 'act:*' THEN 'op:' || substr(gate, 5)
	WHEN gate GLOB 'hold:*' THEN 'block:' || substr(gate, 6)
	ELSE gate END, until FROM v1_gates;
INSERT INTO slots (job, slot) SELECT job, slot FROM v1_slots;
UPDATE counters SET value = (SELECT value FROM v1_counters WHERE name = 'fence') WHERE name = 'fence';

DROP TABLE v1_timers;
DROP TABLE v1_entries;
DROP TABLE v1_channels;
DROP TABLE v1_incidents;
DROP TABLE v1_keys;
DROP TABLE v1_gates;
DROP TABLE v1_slots;
DROP TABLE v1_counters;
