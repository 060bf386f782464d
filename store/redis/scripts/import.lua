-- Fills a lane, as a copy of another store's, behind those that were filled before.
--
-- ARGV lane, until when it is postponed (0 = it is not), in doubt (1 or 0), tries,
--      then for each notice: priority from 1, merge, op, body
-- returns how many notices the lane has

local name = ARGV[1]
if find_lane(name) then -- a request that was sent again
	return redis.call('LLEN', notices_key(name))
end
for n = 5, #ARGV, 4 do
	append(name, tonumber(ARGV[n]), '', ARGV[n + 2], ARGV[n + 3])
	if ARGV[n + 1] ~= '' then
		redis.call('HSET', merges, merge_key(name, ARGV[n + 1]), redis.call('HGET', meta, 'fence'))
	end
end
local lane = find_lane(name)
lane.in_doubt, lane.tries = tonumber(ARGV[3]), tonumber(ARGV[4])
keep(lane)
if ARGV[2] ~= '0' then
	postpone(lane, ARGV[2])
end
return redis.call('LLEN', notices_key(name))
