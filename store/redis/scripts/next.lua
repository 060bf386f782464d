-- Finds the timer or the lane that wants attention first.
--
-- returns "moment timer", or "moment" for a lane, or "" for nothing

local found = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
local first, timer = found[2], found[1]
for _, set in ipairs(ready) do
	local at = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')[2]
	if at and (not first or tonumber(at) < tonumber(first)) then
		first, timer = at, nil
	end
end
if timer then
	return first .. ' ' .. timer
end
return first or ''
