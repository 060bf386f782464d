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
-- Goes before every script that deals with lanes.
--
-- A lane is a row of numbers in the hash of lanes: its notices are those from
-- head to tail, and waiting counts them by priority, so that nothing has to be
-- searched. It is in the ready set of its most urgent notice, with the moment
-- at which its head may be taken (while it is leased: the lease's end). An
-- empty lane is no lane.

local function find_lane(name)
	local row = redis.call('HGET', lanes, name)
	if not row then
		return nil
	end
	local v = {}
	for n in string.gmatch(row, '%S+') do
		v[#v + 1] = tonumber(n)
	end
	return {
		name = name, head = v[1], tail = v[2], taken = v[3], fence = v[4],
		in_doubt = v[5], tries = v[6], waiting = {v[7], v[8], v[9], v[10]},
	}
end

local function body_key(lane, seq)
	return lane.name .. '#' .. seq
end

local function body(lane)
	return redis.call('HGET', notices, body_key(lane, lane.head))
end

local function priority(lane)
	for p = 1, 4 do
		if lane.waiting[p] > 0 then
			return p
		end
	end
end

-- keep writes a lane back. was is its priority before, nil for a new one; at is
-- when it is ready, nil for as it was.
local function keep(lane, was, at)
	local is = priority(lane)
	if was and was ~= is then
		at = at or redis.call('ZSCORE', ready[was], lane.name)
		redis.call('ZREM', ready[was], lane.name)
	end
	if not is then
		redis.call('HDEL', lanes, lane.name)
		return
	end
	if at then
		redis.call('ZADD', ready[is], at, lane.name)
	end
	redis.call('HSET', lanes, lane.name, table.concat({
		lane.head, lane.tail, lane.taken, lane.fence, lane.in_doubt, lane.tries,
		lane.waiting[1], lane.waiting[2], lane.waiting[3], lane.waiting[4],
	}, ' '))
end

-- merges holds, for each lane and merge, a notice that waits and is not leased.
local function merge_key(name, merge)
	return name .. '\n' .. merge
end

-- append queues a notice, unless one that waits serves for it too.
local function append(name, p, merge, text, at)
	if merge ~= '' and redis.call('HEXISTS', merges, merge_key(name, merge)) == 1 then
		return
	end
	local lane, was = find_lane(name), nil
	if lane then
		was, at = priority(lane), nil
	else
		lane = {name = name, head = 1, tail = 0, taken = 0, fence = 0, in_doubt = 0, tries = 0, waiting = {0, 0, 0, 0}}
	end
	lane.tail = lane.tail + 1
	lane.waiting[p] = lane.waiting[p] + 1
	redis.call('HSET', notices, body_key(lane, lane.tail), text)
	if merge ~= '' then
		redis.call('HSET', merges, merge_key(name, merge), lane.tail)
	end
	keep(lane, was, at)
end

-- leased is the lane that a lease is the last one of, with its head; nil if
-- the lease was lost.
local function leased(name, number, key)
	local lane = find_lane(name)
	if not lane or lane.fence == 0 or lane.fence ~= tonumber(number) then
		return nil
	end
	local text = body(lane)
	local notice = text and cjson.decode(text)
	if not notice or notice.key ~= key then
		return nil
	end
	return lane, notice
end

-- pop removes a leased head. The next notice is ready since the head was taken,
-- so that the lanes of one priority take turns.
local function pop(lane, notice)
	local was, p = priority(lane), notice.priority + 1
	redis.call('HDEL', notices, body_key(lane, lane.head))
	lane.waiting[p] = lane.waiting[p] - 1
	lane.head, lane.fence, lane.in_doubt, lane.tries = lane.head + 1, 0, 0, 0
	keep(lane, was, lane.taken)
end
-- Writes all of a commit, or nothing and says why.
--
-- KEYS 22 = key:<dedupe key>
-- ARGV request, deadline (server's time, 0 = none), seconds to keep the key, at,
--      job ("" = none), its slot,
--      fired timer ("" = none), its fence,
--      sent lane ("" = none), its fence, the notice's key,
--      count of changes, then for each: number, version, open (1 or 0), place,
--          moment, cited entries, summary, head, channel ("" = none),
--      then for each change: count, then each timeline entry,
--          count, then each part: kind, ID, body ("" = removed),
--          count, then each timer: member, moment (0 = cleared), generation,
--      count, then each notice: lane, priority from 1, merge, body
-- returns {'done' | 'repeated' | 'late' | 'stale' | 'lost', server's time}

local next_arg = 0
local function arg()
	next_arg = next_arg + 1
	return ARGV[next_arg]
end

local time = clock()
local request, deadline, keep_key, at = arg(), tonumber(arg()), arg(), arg()
local job, slot = arg(), arg()
local fired, fired_fence = arg(), arg()
local sent, sent_fence, sent_key = arg(), arg(), arg()
local changes = {}
for n = 1, tonumber(arg()) do
	local c = {}
	c.number, c.version, c.open, c.place = arg(), tonumber(arg()), arg() == '1', arg()
	c.at, c.cited, c.row, c.head, c.channel = arg(), arg(), arg(), arg(), arg()
	changes[n] = c
end
local first = changes[1] and changes[1].number or '0'

-- The checks, of all changes. A request that is sent again, because its reply
-- was lost, finds itself.
local done = redis.call('GET', KEYS[22])
if done then
	return {done == first .. ' ' .. request and 'done' or 'repeated', time}
end
if deadline > 0 and time >= deadline then
	return {'late', time}
end
local highest = last()
for _, c in ipairs(changes) do
	local stored = redis.call('HGET', versions, c.number)
	if not stored then
		highest = highest + 1
		if tonumber(c.number) ~= highest then
			return {'stale', time}
		end
	end
	if c.version ~= tonumber(stored or 0) + 1 then
		return {'stale', time}
	end
end
if job ~= '' and tonumber(slot) <= tonumber(redis.call('HGET', slots, job) or 0) then
	return {'repeated', time}
end
if fired ~= '' then
	local row = redis.call('HGET', timers, fired)
	if fired_fence == '0' or not row or string.match(row, '(%d+)$') ~= fired_fence then
		return {'lost', time}
	end
end
if sent ~= '' and not leased(sent, sent_fence, sent_key) then
	return {'lost', time}
end

-- The incidents.
redis.call('SET', KEYS[22], first .. ' ' .. request, 'EX', keep_key)
if highest > last() then
	redis.call('HSET', meta, 'last', highest)
end
for _, c in ipairs(changes) do
	redis.call('HSET', heads, c.number, c.head)
	redis.call('HSET', versions, c.number, c.version)
	redis.call('HSET', cited, c.number, c.cited)
	redis.call('HSET', rows, c.number, c.row)
	redis.call('ZADD', changed, c.at, c.number)
	if c.open then
		redis.call('ZADD', open, c.place, c.number)
	else
		redis.call('ZREM', open, c.number)
	end
	if c.channel ~= '' then
		redis.call('HSET', channels, c.channel, c.number)
	end
end

-- What is kept beside their heads. The timer that fired is settled, unless it
-- is set anew here.
for _, c in ipairs(changes) do
	for _ = 1, tonumber(arg()) do
		redis.call('RPUSH', timeline(c.number), arg())
	end
	for _ = 1, tonumber(arg()) do
		local kind, id, body = arg(), arg(), arg()
		if body == '' then
			redis.call('HDEL', part(c.number, kind), id)
		else
			redis.call('HSET', part(c.number, kind), id, body)
		end
	end
	for _ = 1, tonumber(arg()) do
		local member, moment, generation = arg(), arg(), arg()
		if member == fired then
			fired = ''
		end
		if moment == '0' then
			redis.call('HDEL', timers, member)
			redis.call('ZREM', due, member)
		else
			redis.call('HSET', timers, member, moment .. ' ' .. generation .. ' 0')
			redis.call('ZADD', due, moment, member)
		end
	end
end
if fired ~= '' then
	redis.call('HDEL', timers, fired)
	redis.call('ZREM', due, fired)
end
if job ~= '' then
	redis.call('HSET', slots, job, slot)
end

-- The notices, then the one that was sent.
for _ = 1, tonumber(arg()) do
	local lane, p, merge = arg(), tonumber(arg()), arg()
	append(lane, p, merge, arg(), at)
end
if sent ~= '' then
	pop(leased(sent, sent_fence, sent_key))
end
return {'done', time}
