-- Gives a lease back for another try.
--
-- KEYS 22 = reply:<request>
-- ARGV lane, fence, the notice's key, until, in doubt (0, 1 or since when), op to block ("" = none)
-- returns 1, or 0 if the lease was lost

local lane, notice = leased(ARGV[1], ARGV[2], ARGV[3])
if not lane then
	return '0'
end
local op = ARGV[6]
if op ~= '' then
	local gate = 'block:' .. op
	if tonumber(ARGV[4]) > tonumber(redis.call('ZSCORE', gates, gate) or 0) then
		redis.call('ZADD', gates, ARGV[4], gate)
	end
end
if notice.merge then
	redis.call('HSETNX', merges, merge_key(lane.name, notice.merge), lane.head)
end
lane.fence, lane.in_doubt = 0, tonumber(ARGV[5])
keep(lane, priority(lane), ARGV[4])
return answer('1')
