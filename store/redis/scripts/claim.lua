-- Claims the timers that are due, the most overdue first.
--
-- KEYS 22 = reply:<request>
-- ARGV now, the claims' end, how many at most
-- returns "" or lines: their fence, then for each "number name at generation",
--      or "gone" and a timer whose data is missing, and which was dropped

local members = redis.call('ZRANGEBYSCORE', due, '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
if #members == 0 then
	return ''
end
local rows = redis.call('HMGET', timers, unpack(members))
local held = count()
local lines, claimed, moments = {held}, {}, {}
for n, member in ipairs(members) do
	local timer = rows[n] and string.match(rows[n], '^%S+ %S+')
	if timer then
		lines[#lines + 1] = member .. ' ' .. timer
		claimed[#claimed + 1] = member
		claimed[#claimed + 1] = timer .. ' ' .. held
		moments[#moments + 1] = ARGV[2]
		moments[#moments + 1] = member
	else -- nobody could say what it is for
		lines[#lines + 1] = 'gone ' .. member
		redis.call('ZREM', due, member)
	end
end
if #claimed > 0 then
	redis.call('HSET', timers, unpack(claimed))
	redis.call('ZADD', due, unpack(moments))
end
return answer(table.concat(lines, '\n'))
