-- Finds the earliest moment at which a timer or a lane wants attention.
--
-- returns the moment, or ""

local first = ''
for _, set in ipairs({due, ready[1], ready[2], ready[3], ready[4]}) do
	local at = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')[2]
	if at and (first == '' or tonumber(at) < tonumber(first)) then
		first = at
	end
end
return first
