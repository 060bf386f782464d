-- Takes a workspace from a Muster that knew schema 1. What keeps its form gets
-- its present name; documents and notices are set aside to be converted.
--
-- A replica of that Muster that still runs finds no timer and no lane any more.
-- Texts stand where it reads documents and versions, which it does before it
-- writes anything, so that its commits fail.
--
-- KEYS 22 = documents, 23 = versions, 24 = open, all of schema 1,
--      25 = documents set aside, then old and new name of each other key
-- ARGV the schema, and what the texts say
-- returns 1, or 0 if it was done before

if redis.call('HGET', meta, 'schema') ~= '1' then
	return 0
end
redis.call('HSET', meta, 'schema', ARGV[1])

local function rename(from, to)
	if redis.call('EXISTS', from) == 1 then
		redis.call('RENAME', from, to)
	end
end
rename(KEYS[22], KEYS[25])
for n = 26, #KEYS - 1, 2 do
	rename(KEYS[n], KEYS[n + 1])
end
redis.call('SET', KEYS[22], ARGV[2])
redis.call('SET', KEYS[23], ARGV[2])
redis.call('DEL', KEYS[24])

local limits = redis.call('ZRANGE', gates, 0, -1, 'WITHSCORES')
for n = 1, #limits, 2 do
	local name = string.gsub(string.gsub(limits[n], '^act:', 'op:'), '^hold:', 'block:')
	redis.call('ZREM', gates, limits[n])
	redis.call('ZADD', gates, limits[n + 1], name)
end
return 1
