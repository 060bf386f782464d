-- Takes a workspace from a Muster that knew schema 2: everything gets its present
-- name, and the heads are set aside, to get their IDs.
--
-- A replica of that Muster that still runs finds no timer and no lane any more.
-- Texts stand where it reads before it writes anything, so that its commits fail.
--
-- KEYS 22 = heads set aside, 23 = versions of schema 2, 24 = its slots, 25 = its
--      lanes, 26 = its heads, 27 = what its timelines' names begin with, 28 = its parts',
--      then old and new name of each other key
-- ARGV the schema, what the texts say, then each kind of parts
-- returns 1, or 0 if it was done before

if redis.call('HGET', meta, 'schema') ~= '2' then
	return 0
end
redis.call('HSET', meta, 'schema', ARGV[1])

local function rename(from, to)
	if redis.call('EXISTS', from) == 1 then
		redis.call('RENAME', from, to)
	end
end
rename(KEYS[26], KEYS[22])
rename(KEYS[23], versions)
rename(KEYS[24], slots)
for n = 29, #KEYS - 1, 2 do
	rename(KEYS[n], KEYS[n + 1])
end
for number = 1, last() do
	rename(KEYS[27] .. number, timeline(number))
	for n = 3, #ARGV do
		rename(KEYS[28] .. number .. ':' .. ARGV[n], part(number, ARGV[n]))
	end
end
for n = 23, 26 do
	redis.call('SET', KEYS[n], ARGV[2])
end
return 1
