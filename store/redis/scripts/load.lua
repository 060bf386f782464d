-- Reads an incident: the one that a key was committed to, else the one asked for.
--
-- KEYS 17 = key:<dedupe key>
-- ARGV number (0 = none), channel ("" = none); neither = the next free number
-- returns {server's time, 1 if the key was committed, document or false, next free number}

local number, channel = ARGV[1], ARGV[2]
local time, repeated = clock(), 0
local done = redis.call('GET', KEYS[17])
if done then
	number, repeated = string.match(done, '^%d+'), 1
elseif number == '0' then
	if channel == '' then
		return {time, 0, false, tonumber(redis.call('HGET', meta, 'last') or 0) + 1}
	end
	number = redis.call('HGET', channels, channel)
	if not number then
		return {time, 0, false, 0}
	end
end
return {time, repeated, redis.call('HGET', docs, number), 0}
