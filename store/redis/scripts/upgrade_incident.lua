-- Puts an incident in the place of a document that was set aside, once.
--
-- KEYS 22 = documents set aside, 23 = the incident's timeline of schema 1
-- ARGV number, version, open (1 or 0), place, moment, cited entries, summary, head,
--      count, then each timeline entry,
--      count, then each part: kind, ID, body
-- returns 1, or 0 if another replica has done it

local number = ARGV[1]
if redis.call('HDEL', KEYS[22], number) == 0 then
	return 0
end
redis.call('DEL', KEYS[23])
redis.call('HSET', versions, number, ARGV[2])
if ARGV[3] == '1' then
	redis.call('ZADD', open, ARGV[4], number)
end
redis.call('ZADD', changed, ARGV[5], number)
redis.call('HSET', cited, number, ARGV[6])
redis.call('HSET', rows, number, ARGV[7])
redis.call('HSET', heads, number, ARGV[8])
local entries = tonumber(ARGV[9])
for n = 10, 9 + entries do
	redis.call('RPUSH', timeline(number), ARGV[n])
end
for n = 11 + entries, #ARGV, 3 do
	redis.call('HSET', part(number, ARGV[n]), ARGV[n + 1], ARGV[n + 2])
end
return 1
