-- Writes all of a commit, or nothing and says why.
--
-- KEYS 17 = key:<dedupe key>, 18 = timeline:<number>
-- ARGV request, deadline (server's time, 0 = none), seconds to keep the key,
--      at, number, version, document, channel ("" = none), open (1 or 0),
--      fired timer ("" = none), its fence,
--      sent lane ("" = none), its fence, the notice's key,
--      count, then each timeline entry,
--      count, then each timer: member, moment (0 = cleared), generation,
--      count, then each notice: lane, priority from 1, merge, body
-- returns {'done' | 'repeated' | 'late' | 'stale' | 'lost', server's time}

local next_arg = 0
local function arg()
	next_arg = next_arg + 1
	return ARGV[next_arg]
end

local time = clock()
local request, deadline, keep_key = arg(), tonumber(arg()), arg()
local at, number, version, doc = arg(), arg(), tonumber(arg()), arg()
local channel, is_open = arg(), arg() == '1'
local fired, fired_fence = arg(), arg()
local sent, sent_fence, sent_key = arg(), arg(), arg()

-- The checks. A request that is sent again, because its reply was lost, finds
-- itself.
local done = redis.call('GET', KEYS[17])
if done then
	return {done == number .. ' ' .. request and 'done' or 'repeated', time}
end
if deadline > 0 and time >= deadline then
	return {'late', time}
end
local stored = redis.call('HGET', versions, number)
if stored then
	if tonumber(stored) ~= version - 1 then
		return {'stale', time}
	end
elseif version ~= 1 or tonumber(number) ~= tonumber(redis.call('HGET', meta, 'last') or 0) + 1 then
	return {'stale', time}
end
if fired ~= '' then
	local row = redis.call('HGET', timers, fired)
	if fired_fence == '0' or not row or string.match(row, '(%d+)$') ~= fired_fence then
		return {'lost', time}
	end
end
if sent ~= '' and not leased(sent, sent_fence, sent_key) then
	return {'lost', time}
end

-- The incident.
redis.call('SET', KEYS[17], number .. ' ' .. request, 'EX', keep_key)
redis.call('HSET', docs, number, doc)
redis.call('HSET', versions, number, version)
if not stored then
	redis.call('HSET', meta, 'last', number)
end
if channel ~= '' then
	redis.call('HSET', channels, channel, number)
end
if is_open then
	redis.call('ZADD', open, number, number)
else
	redis.call('ZREM', open, number)
end

-- Its timeline.
for _ = 1, tonumber(arg()) do
	redis.call('RPUSH', KEYS[18], arg())
end

-- Its timers. The one that fired is settled, unless it is set anew here.
for _ = 1, tonumber(arg()) do
	local member, moment, generation = arg(), arg(), arg()
	if member == fired then
		fired = ''
	end
	if moment == '0' then
		redis.call('HDEL', timers, member)
		redis.call('ZREM', due, member)
	else
		redis.call('HSET', timers, member, moment .. ' ' .. generation .. ' 0')
		redis.call('ZADD', due, moment, member)
	end
end
if fired ~= '' then
	redis.call('HDEL', timers, fired)
	redis.call('ZREM', due, fired)
end

-- Its notices, then the one that was sent.
for _ = 1, tonumber(arg()) do
	local lane, p, merge = arg(), tonumber(arg()), arg()
	append(lane, p, merge, arg(), at)
end
if sent ~= '' then
	pop(leased(sent, sent_fence, sent_key))
end
return {'done', time}
