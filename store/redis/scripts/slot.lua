-- Claims a job's slot: won once, and only if it is later than all before.
--
-- KEYS 17 = reply:<request>
-- ARGV job, slot
-- returns "won last", won being 1 or 0

local last = redis.call('HGET', slots, ARGV[1]) or '0'
if tonumber(ARGV[2]) <= tonumber(last) then
	return '0 ' .. last
end
redis.call('HSET', slots, ARGV[1], ARGV[2])
return answer('1 ' .. last)
