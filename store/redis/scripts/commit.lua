-- Writes all of a commit, or nothing and says why.
--
-- KEYS 22 = key:<dedupe key>
-- ARGV request, deadline (server's time, 0 = none), seconds to keep the key, at,
--      job ("" = none), its slot,
--      fired timer ("" = none), its fence,
--      sent lane ("" = none), its fence, the notice's key,
--      count of changes, then for each: number, version, open (1 or 0), place,
--          moment, cited entries, summary, head, channel ("" = none),
--      then for each change: count, then each timeline entry,
--          count, then each part: kind, ID, body ("" = removed),
--          count, then each timer: member, moment (0 = cleared), generation,
--      count, then each notice: lane, priority from 1, merge, op, body
-- returns {'done' | 'repeated' | 'late' | 'stale' | 'lost', server's time}

local next_arg = 0
local function arg()
	next_arg = next_arg + 1
	return ARGV[next_arg]
end

local time = clock()
local request, deadline, keep_key, at = arg(), tonumber(arg()), arg(), arg()
local job, slot = arg(), arg()
local fired, fired_fence = arg(), arg()
local sent, sent_fence, sent_key = arg(), arg(), arg()
local changes = {}
for n = 1, tonumber(arg()) do
	local c = {}
	c.number, c.version, c.open, c.place = arg(), tonumber(arg()), arg() == '1', arg()
	c.at, c.cited, c.row, c.head, c.channel = arg(), arg(), arg(), arg(), arg()
	changes[n] = c
end
local first = changes[1] and changes[1].number or '0'

-- The checks, of all changes. A request that is sent again, because its reply
-- was lost, finds itself.
local done = redis.call('GET', KEYS[22])
if done then
	return {done == first .. ' ' .. request and 'done' or 'repeated', time}
end
if deadline > 0 and time >= deadline then
	return {'late', time}
end
local highest -- if an incident is new
for _, c in ipairs(changes) do
	local stored = redis.call('HGET', versions, c.number)
	if not stored then
		highest = (highest or last()) + 1
		if tonumber(c.number) ~= highest then
			return {'stale', time}
		end
	end
	if c.version ~= tonumber(stored or 0) + 1 then
		return {'stale', time}
	end
end
if job ~= '' and tonumber(slot) <= tonumber(redis.call('HGET', slots, job) or 0) then
	return {'repeated', time}
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

-- The incidents.
redis.call('SET', KEYS[22], first .. ' ' .. request, 'EX', keep_key)
if highest then
	redis.call('HSET', meta, 'last', highest)
end
for _, c in ipairs(changes) do
	redis.call('HSET', heads, c.number, c.head)
	redis.call('HSET', versions, c.number, c.version)
	redis.call('HSET', cited, c.number, c.cited)
	redis.call('HSET', rows, c.number, c.row)
	redis.call('ZADD', changed, c.at, c.number)
	if c.open then
		redis.call('ZADD', open, c.place, c.number)
	else
		redis.call('ZREM', open, c.number)
	end
	if c.channel ~= '' then
		redis.call('HSET', channels, c.channel, c.number)
	end
end

-- What is kept beside their heads. The timer that fired is settled, unless it
-- is set anew here.
for _, c in ipairs(changes) do
	for _ = 1, tonumber(arg()) do
		redis.call('RPUSH', timeline(c.number), arg())
	end
	for _ = 1, tonumber(arg()) do
		local kind, id, body = arg(), arg(), arg()
		if body == '' then
			redis.call('HDEL', part(c.number, kind), id)
		else
			redis.call('HSET', part(c.number, kind), id, body)
		end
	end
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
end
if fired ~= '' then
	redis.call('HDEL', timers, fired)
	redis.call('ZREM', due, fired)
end
if job ~= '' then
	redis.call('HSET', slots, job, slot)
end

-- The notices, then the one that was sent.
for _ = 1, tonumber(arg()) do
	local lane, p, merge, op = arg(), tonumber(arg()), arg(), arg()
	append(lane, p, merge, op, arg())
	saw(tonumber(at))
end
if sent ~= '' then
	pop(leased(sent, sent_fence, sent_key))
end
return {'done', time}
