-- Gives a lease back for another try.
--
-- KEYS 22 = reply:<request>
-- ARGV lane, fence, the notice's key, when the attempt ended (0 = nobody knows),
--      until, in doubt (0, 1 or since when), op to block ("" = none)
-- returns 1, or 0 if the lease was lost

local lane, notice, number = leased(ARGV[1], ARGV[2], ARGV[3])
if not lane then
	return '0'
end
local at, untl, op = tonumber(ARGV[4]), ARGV[5], ARGV[7]
if at > 0 then
	see(at)
	saw(at)
end
if op ~= '' and tonumber(untl) > moment('block:' .. op) then
	redis.call('ZADD', gates, untl, 'block:' .. op)
end
if notice.merge then
	redis.call('HSETNX', merges, merge_key(lane.name, notice.merge), number)
end
lane.fence, lane.in_doubt = 0, tonumber(ARGV[6])
postpone(lane, untl)
return answer('1')
