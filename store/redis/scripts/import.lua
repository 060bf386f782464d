-- Fills a lane, as a copy of another store's.
--
-- ARGV lane, the moment at which it is ready, in doubt (1 or 0), tries,
--      then for each notice: priority from 1, merge, body
-- returns how many notices the lane has

local name = ARGV[1]
local there = find_lane(name)
if there then -- a request that was sent again
	return there.tail
end
for n = 5, #ARGV, 3 do
	append(name, tonumber(ARGV[n]), '', ARGV[n + 2], ARGV[2])
	if ARGV[n + 1] ~= '' then
		redis.call('HSET', merges, merge_key(name, ARGV[n + 1]), find_lane(name).tail)
	end
end
local lane = find_lane(name)
lane.in_doubt, lane.tries = tonumber(ARGV[3]), tonumber(ARGV[4])
keep(lane, priority(lane), ARGV[2])
return lane.tail
