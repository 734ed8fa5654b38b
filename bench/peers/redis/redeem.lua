-- One redemption, whole: Redis runs a script alone, and appends its writes as one transaction.
-- KEYS: order, member, sale, ledger. ARGV: saleId, orderId, quantity, epoch, nowMs.
-- Answers { code, first, second, ordinal, isReplay }.
local saleId, quantity, nowMs = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[5])

local known = redis.call('HMGET', KEYS[1],
  'code', 'saleId', 'quantity', 'epoch', 'first', 'second', 'ordinal')
if known[1] then
  local differing = 0
  if known[2] ~= saleId then differing = differing + 1 end
  if known[3] ~= ARGV[3] then differing = differing + 2 end
  if known[4] ~= ARGV[4] then differing = differing + 4 end
  if differing > 0 then return { 'mismatch', differing, 0, 0, 0 } end
  return { known[1], tonumber(known[5]), tonumber(known[6]), tonumber(known[7]), 1 }
end

local sale = redis.call('HMGET', KEYS[3],
  'pricePoints', 'limitPerMember', 'quantityMax', 'opensAtMs', 'closesAtMs', 'units', 'remaining')
if not sale[1] then return { 'not_found', 0, 0, 0, 0 } end
local opensAtMs, closesAtMs = tonumber(sale[4]), tonumber(sale[5])
if nowMs < opensAtMs then return { 'not_open', opensAtMs - nowMs, 0, 0, 0 } end
if nowMs >= closesAtMs then return { 'closed', closesAtMs, 0, 0, 0 } end
if quantity > tonumber(sale[3]) then return { 'too_many', tonumber(sale[3]), 0, 0, 0 } end

local takenField = 'taken:' .. saleId
local member = redis.call('HMGET', KEYS[2], 'balance', 'held', 'seq', takenField)
local balance, held = tonumber(member[1] or 0), tonumber(member[2] or 0)
local taken, limit = tonumber(member[4] or 0), tonumber(sale[2])
local points = quantity * tonumber(sale[1])

-- A refusal that later credits or limits could undo is written down, so that the id keeps its outcome.
local function refuse(code, first, second)
  redis.call('HSET', KEYS[1], 'code', code, 'saleId', saleId, 'quantity', ARGV[3], 'epoch', ARGV[4],
    'first', first, 'second', second, 'ordinal', 0, 'atMs', ARGV[5])
  return { code, first, second, 0, 0 }
end
if taken + quantity > limit then return refuse('limit_reached', limit, taken) end
if balance < points then return refuse('points_insufficient', points, balance) end

-- Units never come back to a shelf here, so this one stays true without a row.
local remaining = tonumber(sale[7])
if remaining < quantity then return { 'sold_out', remaining, 0, 0, 0 } end

local seq, left = tonumber(member[3] or 0) + 1, remaining - quantity
local ordinal = tonumber(sale[6]) - remaining + 1
redis.call('HSET', KEYS[3], 'remaining', left)
redis.call('HSET', KEYS[2], 'balance', balance - points, 'seq', seq, takenField, taken + quantity)
redis.call('HSET', KEYS[1], 'code', 'granted', 'saleId', saleId, 'quantity', ARGV[3], 'epoch', ARGV[4],
  'first', points, 'second', left, 'ordinal', ordinal, 'atMs', ARGV[5])
redis.call('RPUSH', KEYS[4], seq .. '|redeem|' .. -points .. '|' .. (balance - points + held) .. '|'
  .. ARGV[2] .. '|' .. ARGV[5])
return { 'granted', points, left, ordinal, 0 }
