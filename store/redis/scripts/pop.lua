-- Removes a leased head for good.
--
-- KEYS 22 = reply:<request>
-- ARGV lane, fence, the notice's key
-- returns 1, or 0 if the lease was lost

local lane, notice = leased(ARGV[1], ARGV[2], ARGV[3])
if not lane then
	return '0'
end
pop(lane, notice)
return answer('1')
