-- Holds points for an order to come, as the product's tickets do. Set-up, never timed.
-- KEYS: order, member. ARGV: saleId, quantity, epoch, points.
local points = tonumber(ARGV[4])
local member = redis.call('HMGET', KEYS[2], 'balance', 'held')
local balance = tonumber(member[1] or 0)
if balance < points then return redis.error_reply('a balance is too low to reserve') end
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('an order id was used before') end
redis.call('HSET', KEYS[2], 'balance', balance - points, 'held', tonumber(member[2] or 0) + points)
redis.call('HSET', KEYS[1], 'code', 'held', 'saleId', ARGV[1], 'quantity', ARGV[2], 'epoch', ARGV[3],
  'first', points, 'second', 0, 'ordinal', 0, 'isReserved', 1)
return 1
