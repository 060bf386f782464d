-- Reads incidents, the newest first.
--
-- ARGV the number before which to begin (0 = the newest), how many at most, 1 = only open ones
-- returns the documents

local before, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local numbers = {}
if ARGV[3] == '1' then
	local from = before > 0 and '(' .. before or '+inf'
	numbers = redis.call('ZREVRANGEBYSCORE', open, from, '-inf', 'LIMIT', 0, limit)
else
	local newest = before > 0 and before - 1 or tonumber(redis.call('HGET', meta, 'last') or 0)
	for n = newest, math.max(newest - limit + 1, 1), -1 do
		numbers[#numbers + 1] = n
	end
end
if #numbers == 0 then
	return {}
end
return redis.call('HMGET', docs, unpack(numbers))
