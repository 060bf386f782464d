-- Goes before every script that deals with lanes.
--
-- A lane is a row: numbers, then its head's op; waiting counts its notices by
-- priority, so that nothing has to be searched. They are a list, each behind the
-- store's count when it was queued. An empty lane is no lane.
--
-- A lane stands in the line of what limits its head (its op; for posts with a
-- space and the destination), unless it is away: leased or postponed. A line
-- stands in its op's queue, where its first lane would, unless it is shut: known
-- to wait for its destination. So a look at the queues' first lines never passes
-- what waits.

local function find_lane(name)
	local row = redis.call('HGET', lanes, name)
	if not row then
		return nil
	end
	local v = {}
	for text in string.gmatch(row, '%S+') do
		v[#v + 1] = text
	end
	for n = 1, 9 do
		v[n] = tonumber(v[n])
	end
	return {
		name = name, turn = v[1], away = v[2], fence = v[3], in_doubt = v[4], tries = v[5],
		waiting = {v[6], v[7], v[8], v[9]}, op = v[10],
	}
end

local function keep(lane)
	redis.call('HSET', lanes, lane.name, table.concat({
		lane.turn, lane.away, lane.fence, lane.in_doubt, lane.tries,
		lane.waiting[1], lane.waiting[2], lane.waiting[3], lane.waiting[4], lane.op,
	}, ' '))
end

local function notices_key(name)
	return notices .. ':' .. name
end

-- head is the number of a lane's head, and its text; nil if it is missing.
local function head(lane)
	local row = redis.call('LINDEX', notices_key(lane.name), 0)
	if not row then
		return nil
	end
	local number, text = string.match(row, '^(%d+) (.*)$')
	return tonumber(number), text
end

local function priority(lane)
	for p = 1, 4 do
		if lane.waiting[p] > 0 then
			return p
		end
	end
end

local function urgent(place)
	return place < 2 ^ 50
end

-- place is where a lane stands: the most urgent first, of those the one that has
-- been waiting the longest. A score is exact up to 53 bits.
local function place(lane)
	return string.format('%.0f', (priority(lane) - 1) * 2 ^ 50 + lane.turn)
end

local function destination(name)
	return string.match(name, '^[^ ]*')
end

local function line_of(lane)
	if lane.op == 'post' then
		return 'post ' .. destination(lane.name)
	end
	return lane.op
end

local function line_key(line)
	return lines .. ':' .. line
end

local function queue_key(op)
	return ops .. ':' .. op
end

local function moment(gate)
	return tonumber(redis.call('ZSCORE', gates, gate) or 0)
end

-- align puts a line where its first lane would stand.
local function align(line)
	local op = string.match(line, '^[^ ]*')
	local first = redis.call('ZRANGE', line_key(line), 0, 0, 'WITHSCORES')[2]
	if not first then
		redis.call('ZREM', queue_key(op), line)
		redis.call('ZREM', shut, line)
		return
	end
	redis.call('SADD', ops, op)
	local opens = op ~= line and moment('opens:to:' .. string.sub(line, #op + 2)) or 0
	if opens > 0 and (redis.call('ZSCORE', shut, line) or not redis.call('ZSCORE', queue_key(op), line)) then
		redis.call('ZADD', shut, opens, line)
	else
		redis.call('ZADD', queue_key(op), first, line)
	end
end

local function stand(lane)
	lane.away = 0
	keep(lane)
	redis.call('ZREM', away, lane.name)
	redis.call('ZADD', line_key(line_of(lane)), place(lane), lane.name)
	align(line_of(lane))
end

-- leave takes a lane out of its line.
local function leave(lane)
	redis.call('ZREM', away, lane.name)
	if lane.away == 0 then
		redis.call('ZREM', line_key(line_of(lane)), lane.name)
		align(line_of(lane))
	end
end

-- postpone takes a lane out of its line until a moment.
local function postpone(lane, at)
	leave(lane)
	lane.away = 1
	keep(lane)
	redis.call('ZADD', away, at, lane.name)
end

-- merges holds, for each lane and merge, a notice that waits and is not leased.
local function merge_key(name, merge)
	return name .. '\n' .. merge
end

-- append queues a notice, unless one that waits serves for it too.
local function append(name, p, merge, op, text)
	if merge ~= '' and redis.call('HEXISTS', merges, merge_key(name, merge)) == 1 then
		return
	end
	local number = count()
	redis.call('RPUSH', notices_key(name), string.format('%.0f %s', number, text))
	if merge ~= '' then
		redis.call('HSET', merges, merge_key(name, merge), number)
	end
	local lane = find_lane(name)
	local was = lane and priority(lane)
	if not lane then
		lane = {name = name, turn = number, away = 0, fence = 0, in_doubt = 0, tries = 0, waiting = {0, 0, 0, 0}, op = op}
	end
	lane.waiting[p] = lane.waiting[p] + 1
	if lane.away == 1 or was == priority(lane) then
		keep(lane) -- it stands where it stood
	else
		stand(lane)
	end
end

-- leased is the lane that a lease is the last one of, with its head and that
-- one's number; nil if the lease was lost.
local function leased(name, fence, key)
	local lane = find_lane(name)
	if not lane or lane.fence == 0 or lane.fence ~= tonumber(fence) then
		return nil
	end
	local number, text = head(lane)
	local notice = text and cjson.decode(text)
	if not notice or notice.key ~= key then
		return nil
	end
	return lane, notice, number
end

-- pop removes a leased head. The next notice waits since the head was taken, so
-- that the lanes of one priority take turns.
local function pop(lane, notice)
	local p = notice.priority + 1
	leave(lane)
	redis.call('LPOP', notices_key(lane.name))
	lane.waiting[p] = lane.waiting[p] - 1
	lane.turn, lane.fence, lane.in_doubt, lane.tries = lane.fence, 0, 0, 0
	local _, text = head(lane)
	if not text then
		redis.call('HDEL', lanes, lane.name)
		return
	end
	lane.op = cjson.decode(text).op
	stand(lane)
end

-- saw notes the latest moment.
local function saw(now)
	if now > clock_seen() then
		redis.call('HSET', meta, 'clock', now)
	end
end

-- see notices that the clock went back by more than replicas' clocks may be
-- apart. All that is yet to come then comes as much earlier, so that nothing
-- waits longer than it was asked to.
local function see(now)
	local by = clock_seen() - now
	if by <= 1000 then
		return
	end
	for _, set in ipairs({away, shut, gates}) do
		local later = redis.call('ZRANGEBYSCORE', set, '(' .. now, '+inf', 'WITHSCORES')
		for n = 1, #later, 2 do
			redis.call('ZADD', set, later[n + 1] - by, later[n])
		end
	end
	for _, op in ipairs(redis.call('SMEMBERS', ops)) do
		local key = queue_key(op) .. ':passes'
		for n, at in ipairs(redis.call('LRANGE', key, 0, -1)) do
			redis.call('LSET', key, n - 1, at - by)
		end
	end
	redis.call('HSET', meta, 'clock', now)
end
