-- Claims a job's slot: won once, and only if it is later than all before.
--
-- KEYS 22 = reply:<request>
-- ARGV job, slot
-- returns "won last", won being 1 or 0

local before = redis.call('HGET', slots, ARGV[1]) or '0'
if tonumber(ARGV[2]) <= tonumber(before) then
	return '0 ' .. before
end
redis.call('HSET', slots, ARGV[1], ARGV[2])
return answer('1 ' .. before)
