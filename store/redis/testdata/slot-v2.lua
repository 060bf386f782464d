-- Goes before every script: the workspace's keys, and what scripts share.
--
-- KEYS 1–21 are the workspace's keys, in the order of keys.go. What a script
-- needs beside them follows, as its own header says. Each incident has keys of
-- its own, whose names the two functions below make.
--
-- Moments are milliseconds since 1970 UTC. A fence of 0 means: held by nobody.

local heads, versions, cited, rows, channels = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local open, changed = KEYS[6], KEYS[7]
local due, timers, slots = KEYS[8], KEYS[9], KEYS[10]
local lanes, notices, merges, gates = KEYS[11], KEYS[12], KEYS[13], KEYS[14]
local ready = {KEYS[15], KEYS[16], KEYS[17], KEYS[18]} -- by priority
local meta = KEYS[21]

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

-- fence is a number higher than every one before.
local function fence()
	return redis.call('HINCRBY', meta, 'fence', 1)
end

-- last is the highest number of an incident.
local function last()
	return tonumber(redis.call('HGET', meta, 'last') or 0)
end
-- Goes before every script that a lost reply must not make run twice.
--
-- KEYS 22 = reply:<request>, the answer that was given before

local said = redis.call('GET', KEYS[22])
if said then
	return said
end

-- answer gives a reply, and remembers it for as long as the request may be
-- sent again.
local function answer(reply)
	redis.call('SET', KEYS[22], reply, 'EX', 60)
	return reply
end
-- Claims a job's slot: won once, and only if it is later than all before.
--
-- KEYS 22 = reply:<request>
-- ARGV job, slot
-- returns "won last", won being 1 or 0

local before = redis.call('HGET', slots, ARGV[1]) or '0'
if tonumber(ARGV[2]) <= tonumber(before) then
	return '0 ' .. before
end
redis.call('HSET', slots, ARGV[1], ARGV[2])
return answer('1 ' .. before)
