-- Leases the head of the first lane that may go on, as far as the limits allow.
--
-- KEYS 22 = reply:<request>
-- ARGV now, the lease's end, urgent only (1 or 0), the destinations' rate (every,
--      burst), then for each limited op: op, every, burst, most, per
-- returns "" (none is ready), "again" (there was too much to put back into line in
--      one go), "gone" and a lane (its data is missing, and it was dropped), or two
--      lines: "fence in_doubt tries", then the notice

local now, finish, urgent_only = tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'
local pace = {every = tonumber(ARGV[4]), burst = tonumber(ARGV[5])}
local rates = {}
for n = 6, #ARGV, 5 do
	rates[ARGV[n]] = {
		every = tonumber(ARGV[n + 1]), burst = tonumber(ARGV[n + 2]),
		most = tonumber(ARGV[n + 3]), per = tonumber(ARGV[n + 4]),
	}
end

-- recognise notes the server. What waits when it is another one, after a restart
-- or a failover, is in doubt: a delivery may have been recorded where it was lost.
local function recognise()
	local info = redis.pcall('INFO', 'server')
	local server = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or 'unknown'
	local known = redis.call('HGET', meta, 'server')
	if known ~= server then
		redis.call('HSET', meta, 'server', server, 'epoch', known and redis.call('HGET', meta, 'fence') or 0)
	end
end

-- wake puts back into line what was away until now, and opens destinations. At
-- most so many at once; false if there are more.
local most_awake = 500

local function wake()
	local due = redis.call('ZRANGEBYSCORE', away, '-inf', now, 'LIMIT', 0, most_awake)
	for _, name in ipairs(due) do
		local lane = find_lane(name)
		if lane then
			stand(lane)
		else
			redis.call('ZREM', away, name)
		end
	end
	local open = redis.call('ZRANGEBYSCORE', shut, '-inf', now, 'LIMIT', 0, most_awake)
	for _, line in ipairs(open) do
		redis.call('ZREM', shut, line)
		redis.call('ZADD', queue_key('post'), redis.call('ZRANGE', line_key(line), 0, 0, 'WITHSCORES')[2], line)
	end
	return #due < most_awake and #open < most_awake
end

-- pace_opens is when a cell of a rate has room. A cell is kept as its theoretical
-- arrival time: when it would have worked off all that went through so far.
local function pace_opens(cell, rate)
	if rate.every == 0 then
		return 0
	end
	return moment(cell) - (rate.burst - 1) * rate.every
end

-- op_opens is when an op lets somebody through.
local function op_opens(op, is_urgent)
	local opens, rate = moment('block:' .. op), rates[op]
	if rate and (not is_urgent or rate.most == 0) then
		opens = math.max(opens, pace_opens('op:' .. op, rate))
	end
	if rate and rate.most > 0 then
		local at = redis.call('LINDEX', queue_key(op) .. ':passes', rate.most - 1)
		opens = math.max(opens, at and at + rate.per or 0)
	end
	return opens
end

local function use(cell, rate)
	if rate.every > 0 then
		redis.call('ZADD', gates, math.max(moment(cell), now) + rate.every, cell)
	end
end

local function pass(op, to)
	local rate = rates[op]
	if rate then
		use('op:' .. op, rate)
		if rate.most > 0 then
			redis.call('LPUSH', queue_key(op) .. ':passes', now)
			redis.call('LTRIM', queue_key(op) .. ':passes', 0, rate.most - 1)
		end
	end
	if to then
		use('to:' .. to, pace)
	end
	redis.call('ZREMRANGEBYSCORE', gates, '-inf', now)
end

-- front is the first line of an op.
local function front(op)
	local found = redis.call('ZRANGE', queue_key(op), 0, 0, 'WITHSCORES')
	if not found[1] then
		return nil
	end
	return {op = op, line = found[1], place = tonumber(found[2]), to = string.match(found[1], '^[^ ]* (.*)$')}
end

local function wait(gate, opens)
	redis.call('ZADD', gates, opens, 'opens:' .. gate)
end

-- passes says whether the gates let a front through. If its destination does not,
-- its line waits from now on.
local function passes(f)
	local opens = op_opens(f.op, urgent(f.place))
	if opens > now then
		wait('op:' .. f.op, opens)
		return false
	end
	opens = f.to and pace_opens('to:' .. f.to, pace) or 0
	if opens > now then
		wait('to:' .. f.to, opens)
		redis.call('ZREM', queue_key(f.op), f.line)
		redis.call('ZADD', shut, opens, f.line)
		return false
	end
	return true
end

-- first is the first line of all that may go on now.
local function first()
	local fronts = {}
	for _, op in ipairs(redis.call('SMEMBERS', ops)) do
		fronts[#fronts + 1] = front(op)
	end
	while #fronts > 0 do
		local at = 1
		for n = 2, #fronts do
			if fronts[n].place < fronts[at].place then
				at = n
			end
		end
		local best = fronts[at]
		if urgent_only and not urgent(best.place) then
			return nil
		end
		if passes(best) then
			return best
		end
		local following = front(best.op)
		if following and following.line ~= best.line then
			fronts[at] = following
		else
			table.remove(fronts, at)
		end
	end
	return nil
end

local function lease(lane, number, text)
	local epoch = tonumber(redis.call('HGET', meta, 'epoch') or 0)
	local reply = {count(), lane.in_doubt, lane.tries}
	if lane.fence ~= 0 then
		reply[2] = 1 -- whoever had it may have sent it until a moment ago
	elseif lane.in_doubt == 0 and number <= epoch then
		reply[2] = 2 -- it came back with the store: whatever was sent, was long ago
	end
	lane.fence, lane.in_doubt, lane.tries = reply[1], reply[2], lane.tries + 1
	postpone(lane, finish)
	local notice = cjson.decode(text)
	if notice.merge then
		local key = merge_key(lane.name, notice.merge)
		if tonumber(redis.call('HGET', merges, key) or 0) == number then
			redis.call('HDEL', merges, key)
		end
	end
	return answer(table.concat(reply, ' ') .. '\n' .. text)
end

recognise()
see(now)
if not wake() then
	return 'again'
end
local found = first()
if not found then
	return ''
end
local name = redis.call('ZRANGE', line_key(found.line), 0, 0)[1]
local lane = find_lane(name)
local number, text
if lane then
	number, text = head(lane)
end
if not text then
	redis.call('HDEL', lanes, name)
	redis.call('ZREM', line_key(found.line), name)
	align(found.line)
	return 'gone ' .. name
end
saw(now)
pass(found.op, found.to)
return lease(lane, number, text)
