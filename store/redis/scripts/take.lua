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
