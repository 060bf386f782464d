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
-- Reads an incident: the one that a key was committed to, else the one asked
-- for, with what is wanted beside its head.
--
-- KEYS 22 = key:<dedupe key>
-- ARGV number (0 = none), channel ("" = none); neither = the next free number,
--      1 if the entries that hold its texts are wanted,
--      count, then each wanted kind of parts,
--      then the number of each wanted timeline entry
-- returns {server's time, 1 if the key was committed, head, entries, then for
--      each kind its parts: ID and body in turn}; instead of a head and what
--      follows: 'blank' and the next free number, 'missing', or 'none', if the
--      commit changed no incident

local number, channel, texts, kinds = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local time, repeated = clock(), 0
local done = redis.call('GET', KEYS[22])
if done then
	number, repeated = string.match(done, '^%d+'), 1
	if number == '0' then
		return {time, repeated, 'none'}
	end
elseif number == '0' then
	if channel == '' then
		return {time, 0, 'blank', last() + 1}
	end
	number = redis.call('HGET', channels, channel)
end
local head = number and redis.call('HGET', heads, number)
if not head then
	return {time, repeated, 'missing'}
end

local entries = {}
local function read(seq)
	entries[#entries + 1] = redis.call('LINDEX', timeline(number), seq - 1) or nil
end
if texts then
	for seq in string.gmatch(redis.call('HGET', cited, number) or '', '%d+') do
		read(seq)
	end
end
for n = 5 + kinds, #ARGV do
	read(ARGV[n])
end

local reply = {time, repeated, head, entries}
for n = 5, 4 + kinds do
	reply[#reply + 1] = redis.call('HGETALL', part(number, ARGV[n]))
end
return reply
