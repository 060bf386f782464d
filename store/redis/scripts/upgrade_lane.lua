-- Takes over a lane of before each subject had its own, once. What waits is in
-- doubt, since its server is not known.
--
-- KEYS 22 = the lanes of before
-- ARGV the lane, until when it is postponed, tries,
--      then for each notice: its new lane, priority from 1, merge, op, body
-- returns 1, or 0 if another replica has done it

if redis.call('HDEL', KEYS[22], ARGV[1]) == 0 then
	return 0
end
redis.call('HSETNX', meta, 'server', 'of before')
for n = 4, #ARGV, 5 do
	append(ARGV[n], tonumber(ARGV[n + 1]), ARGV[n + 2], ARGV[n + 3], ARGV[n + 4])
end
local lane = find_lane(ARGV[4])
lane.tries = tonumber(ARGV[3])
postpone(lane, ARGV[2])
return 1
