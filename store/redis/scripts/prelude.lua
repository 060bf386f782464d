-- Goes before every script: the workspace's keys, and what scripts share.
--
-- KEYS 1–21 are the workspace's keys, in the order of keys.go. What a script
-- needs beside them follows, as its own header says. Each incident has keys of
-- its own, whose names the two functions below make. The last key is a name only:
-- it ends in the ID of the store for which the script is meant.
--
-- Moments are milliseconds since 1970 UTC. A fence of 0 means: held by nobody.

local heads, versions, cited, rows, channels = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local open, changed = KEYS[6], KEYS[7]
local due, timers, slots = KEYS[8], KEYS[9], KEYS[10]
local lanes, notices, merges, gates = KEYS[11], KEYS[12], KEYS[13], KEYS[14]
local away, shut, lines, ops = KEYS[15], KEYS[16], KEYS[17], KEYS[18]
local meta = KEYS[21]

if redis.call('HGET', meta, 'store') ~= string.match(KEYS[#KEYS], '[^:]*$') then
	return redis.error_reply('REPLACED another store is here now, or none')
end

local function timeline(number)
	return KEYS[19] .. number
end

local function part(number, kind)
	return KEYS[20] .. number .. ':' .. kind
end

-- clock is the server's time.
local function clock()
	local t = redis.call('TIME')
	return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- count is a number higher than every one before.
local function count()
	return redis.call('HINCRBY', meta, 'fence', 1)
end

-- clock_seen is the latest moment that was seen.
local function clock_seen()
	return tonumber(redis.call('HGET', meta, 'clock') or 0)
end

-- last is the highest number of an incident.
local function last()
	return tonumber(redis.call('HGET', meta, 'last') or 0)
end
