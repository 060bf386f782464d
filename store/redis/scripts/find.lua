-- Reads summaries: of the open incidents the worst first, then the oldest; of
-- all of them the newest first.
--
-- ARGV how many at most, 1 = only open ones, since which moment they have
--      changed (0 = whenever), behind what to begin ("" = at the first): an
--      open one's place, else a number
-- returns the summaries

local limit, only_open, since, behind = tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3]), ARGV[4]

local function has_changed(number)
	return since == 0 or tonumber(redis.call('ZSCORE', changed, number) or 0) >= since
end

-- candidates are the open ones in their order. Whether one has changed is asked
-- of each, so then all of them are read.
local function candidates()
	local from = behind == '' and '-inf' or '(' .. behind
	return redis.call('ZRANGEBYSCORE', open, from, '+inf', 'LIMIT', 0, since == 0 and limit or -1)
end

-- newest are all those that have changed, in their order.
local function newest()
	local below, all = tonumber(behind) or math.huge, {}
	if since == 0 then
		local first = math.min(below - 1, last())
		for n = first, math.max(first - limit + 1, 1), -1 do
			all[#all + 1] = n
		end
		return all
	end
	for _, member in ipairs(redis.call('ZRANGEBYSCORE', changed, since, '+inf')) do
		local n = tonumber(member)
		if n < below then
			all[#all + 1] = n
		end
	end
	table.sort(all, function(a, b) return a > b end)
	return all
end

local numbers = {}
for _, number in ipairs(only_open and candidates() or newest()) do
	if #numbers == limit then
		break
	end
	if not only_open or has_changed(number) then
		numbers[#numbers + 1] = number
	end
end
if #numbers == 0 then
	return {}
end
return redis.call('HMGET', rows, unpack(numbers))
