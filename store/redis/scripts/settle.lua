-- Removes claimed timers whose fence is still the last.
--
-- KEYS 22 = reply:<request>
-- ARGV for each claim: member, fence
-- returns how many those were

local members, settled = {}, {}
for n = 1, #ARGV, 2 do
	members[#members + 1] = ARGV[n]
end
local rows = redis.call('HMGET', timers, unpack(members))
for n, row in ipairs(rows) do
	local held = ARGV[2 * n]
	if row and held ~= '0' and string.match(row, '%d+$') == held then
		settled[#settled + 1] = members[n]
	end
end
if #settled == 0 then
	return '0'
end
redis.call('HDEL', timers, unpack(settled))
return answer(tostring(redis.call('ZREM', due, unpack(settled))))
