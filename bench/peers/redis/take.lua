-- The take of an order whose points are held: stock, once per order, limit, order row. No balance, no ledger.
-- KEYS: order, member, sale. ARGV: saleId, orderId, quantity, epoch, nowMs.
-- Answers { code, first, second, ordinal, isReplay }.
local saleId, quantity, nowMs = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[5])

local order = redis.call('HMGET', KEYS[1],
  'code', 'saleId', 'quantity', 'epoch', 'first', 'second', 'ordinal')
if not order[1] then return { 'not_found', 0, 0, 0, 0 } end
local differing = 0
if order[2] ~= saleId then differing = differing + 1 end
if order[3] ~= ARGV[3] then differing = differing + 2 end
if order[4] ~= ARGV[4] then differing = differing + 4 end
if differing > 0 then return { 'mismatch', differing, 0, 0, 0 } end
if order[1] ~= 'held' then
  return { order[1], tonumber(order[5]), tonumber(order[6]), tonumber(order[7]), 1 }
end

local sale = redis.call('HMGET', KEYS[3],
  'limitPerMember', 'opensAtMs', 'closesAtMs', 'units', 'remaining')
if not sale[1] then return { 'not_found', 0, 0, 0, 0 } end
local opensAtMs, closesAtMs = tonumber(sale[2]), tonumber(sale[3])
if nowMs < opensAtMs then return { 'not_open', opensAtMs - nowMs, 0, 0, 0 } end
if nowMs >= closesAtMs then return { 'closed', closesAtMs, 0, 0, 0 } end

local takenField = 'taken:' .. saleId
local taken, limit = tonumber(redis.call('HGET', KEYS[2], takenField) or 0), tonumber(sale[1])
if taken + quantity > limit then return { 'limit_reached', limit, taken, 0, 0 } end
local remaining = tonumber(sale[5])
if remaining < quantity then return { 'sold_out', remaining, 0, 0, 0 } end

local left, ordinal = remaining - quantity, tonumber(sale[4]) - remaining + 1
redis.call('HSET', KEYS[3], 'remaining', left)
redis.call('HSET', KEYS[2], takenField, taken + quantity)
redis.call('HSET', KEYS[1], 'code', 'granted', 'second', left, 'ordinal', ordinal, 'atMs', ARGV[5])
return { 'granted', tonumber(order[5]), left, ordinal, 0 }
