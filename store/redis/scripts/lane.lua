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
