import { defineScript } from "./script.ts";

// KEYS, in one slot: 1 the head (epoch, seq, count), 2 the entries by when they came, 3 the same by when they end. If one
// of them is not there or was tampered with, all are begun anew under another epoch: by that, who knows what was in them
// sees that it has to be written again.
const begin = `
local function isWhole()
  local head = open(KEYS[1], 'hash')
  if note == 'newer' then return false end
  local order = open(KEYS[2], 'zset')
  local ends = open(KEYS[3], 'zset')
  if not head then return false end
  local count = tonumber(redis.call('HGET', KEYS[1], 'count') or '')
  if not count or not tonumber(redis.call('HGET', KEYS[1], 'seq') or '') then return false end
  if not redis.call('HGET', KEYS[1], 'epoch') then return false end
  return redis.call('ZCARD', KEYS[2]) == count and redis.call('ZCARD', KEYS[3]) == count
end
local function ready(epoch)
  if isWhole() then return true end
  if note == 'newer' then return false end
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[1], 'format', 1, 'epoch', epoch, 'seq', 0, 'count', 0)
  redis.call('PEXPIRE', KEYS[1], 86400000)
  return true
end
local function sweep()
  local over = redis.call('ZRANGE', KEYS[3], '-inf', now, 'BYSCORE', 'LIMIT', 0, 500)
  for _, entry in ipairs(over) do
    redis.call('ZREM', KEYS[2], entry)
    redis.call('ZREM', KEYS[3], entry)
  end
  if #over > 0 then redis.call('HSET', KEYS[1], 'count', redis.call('ZCARD', KEYS[2])) end
end
`;

/** ARGV: an epoch for a new list, the channel, then in turn an entry and when it ends. Answers false if it is newer. */
export const addEntries = defineScript(`${begin}
if not ready(ARGV[1]) then return false end
local epoch = redis.call('HGET', KEYS[1], 'epoch')
for at = 3, #ARGV - 2, 2 do
  local entry, ends = ARGV[at], tonumber(ARGV[at + 1])
  if ends > now and not redis.call('ZSCORE', KEYS[3], entry) then
    local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
    redis.call('ZADD', KEYS[2], seq, entry)
    redis.call('ZADD', KEYS[3], ends, entry)
    for _, key in ipairs(KEYS) do lengthen(key, ends - now) end
    redis.call('HINCRBY', KEYS[1], 'count', 1)
    -- Whoever may not publish is heard of by those who read.
    redis.pcall('PUBLISH', ARGV[2], epoch .. ' ' .. seq .. ' ' .. entry)
  end
end
sweep()
return 1
`);

/** ARGV: an epoch for a new list, the epoch and number read up to, how many. Answers epoch, then entry and number in turn. */
export const readEntries = defineScript(`${begin}
if not ready(ARGV[1]) then return false end
sweep()
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local from = epoch == ARGV[2] and '(' .. ARGV[3] or '-inf'
local found = redis.call('ZRANGE', KEYS[2], from, '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[4], 'WITHSCORES')
table.insert(found, 1, epoch)
return found
`);
