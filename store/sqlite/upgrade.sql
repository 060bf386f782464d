-- Sets the tables of schema 1 aside, so that those of the present one can be made.

DROP INDEX incidents_open;
DROP INDEX keys_at;
DROP INDEX timers_due;
DROP INDEX lanes_ready;
DROP INDEX notices_priority;
DROP INDEX notices_merge;
ALTER TABLE incidents RENAME TO v1_incidents;
ALTER TABLE channels RENAME TO v1_channels;
ALTER TABLE entries RENAME TO v1_entries;
ALTER TABLE keys RENAME TO v1_keys;
ALTER TABLE timers RENAME TO v1_timers;
ALTER TABLE lanes RENAME TO v1_lanes;
ALTER TABLE notices RENAME TO v1_notices;
ALTER TABLE gates RENAME TO v1_gates;
ALTER TABLE slots RENAME TO v1_slots;
ALTER TABLE counters RENAME TO v1_counters;

