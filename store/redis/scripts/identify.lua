-- Puts an incident in the place of a head that was set aside, once.
--
-- KEYS 22 = heads set aside
-- ARGV number, head, summary
-- returns 1, or 0 if another replica has done it

if redis.call('HDEL', KEYS[22], ARGV[1]) == 0 then
	return 0
end
redis.call('HSET', heads, ARGV[1], ARGV[2])
redis.call('HSET', rows, ARGV[1], ARGV[3])
return 1
