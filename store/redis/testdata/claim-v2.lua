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
-- Claims the timers that are due, the most overdue first.
--
-- KEYS 22 = reply:<request>
-- ARGV now, the claims' end, how many at most
-- returns "" or lines: their fence, then for each "number name at generation",
--      or "gone" and a timer whose data is missing, and which was dropped

local members = redis.call('ZRANGEBYSCORE', due, '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
if #members == 0 then
	return ''
end
local rows = redis.call('HMGET', timers, unpack(members))
local held = fence()
local lines, claimed, moments = {held}, {}, {}
for n, member in ipairs(members) do
	local timer = rows[n] and string.match(rows[n], '^%S+ %S+')
	if timer then
		lines[#lines + 1] = member .. ' ' .. timer
		claimed[#claimed + 1] = member
		claimed[#claimed + 1] = timer .. ' ' .. held
		moments[#moments + 1] = ARGV[2]
		moments[#moments + 1] = member
	else -- nobody could say what it is for
		lines[#lines + 1] = 'gone ' .. member
		redis.call('ZREM', due, member)
	end
end
if #claimed > 0 then
	redis.call('HSET', timers, unpack(claimed))
	redis.call('ZADD', due, unpack(moments))
end
return answer(table.concat(lines, '\n'))
