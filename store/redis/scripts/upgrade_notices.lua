-- Puts notices in the place of those that were set aside, each once.
--
-- KEYS 22 = notices set aside, 23 = the notices of schema 2
-- ARGV for each: its field ("lane#n"), the notice
-- returns how many those were

local moved = 0
for n = 1, #ARGV, 2 do
	if redis.call('HDEL', KEYS[22], ARGV[n]) == 1 then
		redis.call('HSET', KEYS[23], ARGV[n], ARGV[n + 1])
		moved = moved + 1
	end
end
return moved
