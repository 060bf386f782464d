-- Finds the timer or the lane that wants attention first. A lane that stands in
-- line does now, which is the latest moment that was seen, unless it is known to
-- wait.
--
-- returns "moment timer", or "moment" for a lane, or "" for nothing

local found = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
local first, timer = found[2], found[1]

local function offer(at)
	if at and (not first or tonumber(at) < tonumber(first)) then
		first, timer = at, nil
	end
end

offer(redis.call('ZRANGE', away, 0, 0, 'WITHSCORES')[2])
for _, op in ipairs(redis.call('SMEMBERS', ops)) do
	local at = redis.call('EXISTS', ops .. ':' .. op) == 1 and 0
	if not at and op == 'post' then
		at = redis.call('ZRANGE', shut, 0, 0, 'WITHSCORES')[2]
	end
	if at then
		local opens = redis.call('ZSCORE', gates, 'opens:op:' .. op) or 0
		offer(string.format('%.0f', math.max(at, opens, clock_seen())))
	end
end
if timer then
	return first .. ' ' .. timer
end
return first or ''
