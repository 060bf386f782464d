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
-- Leases the head of the most urgent lane that is ready, as far as the limits allow.
--
-- KEYS 22 = reply:<request>
-- ARGV now, the lease's end, the lanes' rate (every, burst), then for each
--      limited op: op, every, burst
-- returns "" (none is ready), "again" (there were too many to look at in one
--      go), "gone" and a lane (its data is missing, and it was dropped), or two
--      lines: "fence in_doubt tries", then the notice

local now, finish = tonumber(ARGV[1]), ARGV[2]
local rates = {lane = {every = tonumber(ARGV[3]), burst = tonumber(ARGV[4])}}
for n = 5, #ARGV, 3 do
	rates[ARGV[n]] = {every = tonumber(ARGV[n + 1]), burst = tonumber(ARGV[n + 2])}
end

-- limits are the rates that a lane's head has to keep, by the gate that each is
-- kept under: as its theoretical arrival time, the moment at which it would
-- have worked off all that went through so far.
local function limits(lane, op)
	local all = {['op:' .. op] = rates[op]}
	if op == 'post' then
		all['lane:' .. lane.name] = rates.lane
	end
	return all
end

local function moment(gate)
	return tonumber(redis.call('ZSCORE', gates, gate) or 0)
end

-- arrival is never later than a full burst from now: a later one was written
-- before the clock went back, or for a slower rate, and is corrected.
local function arrival(gate, rate)
	local at, most = moment(gate), now + rate.burst * rate.every
	if at > most then
		redis.call('ZADD', gates, most, gate)
		return most
	end
	return at
end

-- opens is the moment from which nothing postpones the head.
local function opens(lane, op)
	local at = moment('block:' .. op)
	for gate, rate in pairs(limits(lane, op)) do
		if rate.every > 0 then
			at = math.max(at, arrival(gate, rate) - (rate.burst - 1) * rate.every)
		end
	end
	return at
end

local function pass(lane, op)
	for gate, rate in pairs(limits(lane, op)) do
		if rate.every > 0 then
			redis.call('ZADD', gates, math.max(moment(gate), now) + rate.every, gate)
		end
	end
	redis.call('ZREMRANGEBYSCORE', gates, '-inf', now)
end

local function lease(lane, p, text, notice)
	local reply = {fence(), lane.in_doubt, lane.tries}
	if lane.fence ~= 0 then
		reply[2] = 1 -- the lease before this one ran out
	end
	lane.fence, lane.in_doubt, lane.tries, lane.taken = reply[1], reply[2], lane.tries + 1, now
	keep(lane, p, finish)
	if notice.merge then
		local key = merge_key(lane.name, notice.merge)
		if tonumber(redis.call('HGET', merges, key) or 0) == lane.head then
			redis.call('HDEL', merges, key)
		end
	end
	return answer(table.concat(reply, ' ') .. '\n' .. text)
end

local looked = 0
for p = 1, 4 do
	while true do
		local name = redis.call('ZRANGEBYSCORE', ready[p], '-inf', now, 'LIMIT', 0, 1)[1]
		if not name then
			break
		end
		if looked == 500 then
			return 'again'
		end
		looked = looked + 1
		local lane = find_lane(name)
		local text = lane and body(lane)
		if not text then
			redis.call('HDEL', lanes, name)
			redis.call('ZREM', ready[p], name)
			return 'gone ' .. name
		end
		local notice = cjson.decode(text)
		local at = opens(lane, notice.op)
		if at <= now then
			pass(lane, notice.op)
			return lease(lane, p, text, notice)
		end
		redis.call('ZADD', ready[p], at, name)
	end
end
return ''
