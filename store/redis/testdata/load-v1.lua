-- Goes before every script: the workspace's keys, and what scripts share.
--
-- KEYS 1–16 are the workspace's keys, in the order of keys.go. What a script
-- needs beside them follows, as its own header says.
--
-- Moments are milliseconds since 1970 UTC. A fence of 0 means: held by nobody.

local docs, versions, channels, open = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local meta, due, timers, slots = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local lanes, notices, merges, gates = KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local ready = {KEYS[13], KEYS[14], KEYS[15], KEYS[16]} -- by priority

-- clock is the server's time.
local function clock()
	local t = redis.call('TIME')
	return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- fence is a number higher than every one before.
local function fence()
	return redis.call('HINCRBY', meta, 'fence', 1)
end
-- Reads an incident: the one that a key was committed to, else the one asked for.
--
-- KEYS 17 = key:<dedupe key>
-- ARGV number (0 = none), channel ("" = none); neither = the next free number
-- returns {server's time, 1 if the key was committed, document or false, next free number}

local number, channel = ARGV[1], ARGV[2]
local time, repeated = clock(), 0
local done = redis.call('GET', KEYS[17])
if done then
	number, repeated = string.match(done, '^%d+'), 1
elseif number == '0' then
	if channel == '' then
		return {time, 0, false, tonumber(redis.call('HGET', meta, 'last') or 0) + 1}
	end
	number = redis.call('HGET', channels, channel)
	if not number then
		return {time, 0, false, 0}
	end
end
return {time, repeated, redis.call('HGET', docs, number), 0}
