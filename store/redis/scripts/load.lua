-- Reads an incident: the one that a key was committed to, else the one asked
-- for, with what is wanted beside its head.
--
-- KEYS 22 = key:<dedupe key>
-- ARGV number (0 = none), channel ("" = none); neither = the next free number,
--      1 if the entries that hold its texts are wanted,
--      count, then each wanted kind of parts,
--      then the number of each wanted timeline entry
-- returns {server's time, 1 if the key was committed, head, entries, then for
--      each kind its parts: ID and body in turn}; instead of a head and what
--      follows: 'blank' and the next free number, 'missing', or 'none', if the
--      commit changed no incident

local number, channel, texts, kinds = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local time, repeated = clock(), 0
local done = redis.call('GET', KEYS[22])
if done then
	number, repeated = string.match(done, '^%d+'), 1
	if number == '0' then
		return {time, repeated, 'none'}
	end
elseif number == '0' then
	if channel == '' then
		return {time, 0, 'blank', last() + 1}
	end
	number = redis.call('HGET', channels, channel)
end
local head = number and redis.call('HGET', heads, number)
if not head then
	return {time, repeated, 'missing'}
end

local entries = {}
local function read(seq)
	entries[#entries + 1] = redis.call('LINDEX', timeline(number), seq - 1) or nil
end
if texts then
	for seq in string.gmatch(redis.call('HGET', cited, number) or '', '%d+') do
		read(seq)
	end
end
for n = 5 + kinds, #ARGV do
	read(ARGV[n])
end

local reply = {time, repeated, head, entries}
for n = 5, 4 + kinds do
	reply[#reply + 1] = redis.call('HGETALL', part(number, ARGV[n]))
end
return reply
