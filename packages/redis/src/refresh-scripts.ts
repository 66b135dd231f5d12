import { defineScript } from "./script.ts";

// KEYS[1] has what is known of a token: state, fence, until, family; of the first of a family also whether it is over.
// KEYS[2] has the sealed outcome, for as long as it is given away. Both lie in the slot of the token.

/**
 * ARGV: fence, leaseMs, keepMs. Answers the state and the family, and the outcome. It may be run twice.
 */
export const beginTurn = defineScript(`
local there = open(KEYS[1], 'hash')
if note == 'newer' then return {'newer', ''} end
local family = ''
if there then
  local state, fence, untilMs, ofFamily, over =
    unpack(redis.call('HMGET', KEYS[1], 'state', 'fence', 'until', 'family', 'over'))
  family = ofFamily or ''
  if over or state == 'spent' then return {'spent', family} end
  if state == 'done' then
    local outcome = open(KEYS[2], 'string') and redis.call('GET', KEYS[2])
    return outcome and {'done', family, outcome} or {'spent', family}
  end
  local leased = state == 'begun' and now < (tonumber(untilMs or '') or 0)
  if leased and fence ~= ARGV[1] then return {'taken', family} end
end
redis.call('HSET', KEYS[1], 'format', 1, 'state', 'begun', 'fence', ARGV[1], 'until', now + ARGV[2])
lengthen(KEYS[1], ARGV[3])
return {'yours', family}
`);

/** ARGV: fence, leaseMs. Answers 1 if the turn is the caller's. */
export const renewTurn = defineScript(`
if not open(KEYS[1], 'hash') then return 0 end
local state, fence, over = unpack(redis.call('HMGET', KEYS[1], 'state', 'fence', 'over'))
if over or state ~= 'begun' or fence ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
return 1
`);

/** ARGV: fence. Answers the family if the turn is the caller's, or was and is done; else false. */
export const familyOfTurn = defineScript(`
if not open(KEYS[1], 'hash') then return false end
local state, fence, family, over = unpack(redis.call('HMGET', KEYS[1], 'state', 'fence', 'family', 'over'))
if over or fence ~= ARGV[1] or (state ~= 'begun' and state ~= 'done') then return false end
return family or ''
`);

/** Of the successor; ARGV: family, keepMs. */
export const joinFamily = defineScript(`
open(KEYS[1], 'hash')
if note == 'newer' then return end
redis.call('HSET', KEYS[1], 'format', 1, 'family', ARGV[1])
lengthen(KEYS[1], ARGV[2])
`);

/** ARGV: fence, outcome, graceMs, keepMs. Answers 1 if the turn was the caller's. It may be run twice. */
export const finishTurn = defineScript(`
if not open(KEYS[1], 'hash') then return 0 end
local state, fence, over = unpack(redis.call('HMGET', KEYS[1], 'state', 'fence', 'over'))
if over or fence ~= ARGV[1] then return 0 end
if state == 'done' then return 1 end
if state ~= 'begun' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'done')
redis.call('HDEL', KEYS[1], 'until')
lengthen(KEYS[1], ARGV[4])
if tonumber(ARGV[3]) > 0 then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end
return 1
`);

/** ARGV: fence. */
export const giveBack = defineScript(`
if not open(KEYS[1], 'hash') then return end
local state, fence, family, over = unpack(redis.call('HMGET', KEYS[1], 'state', 'fence', 'family', 'over'))
if state ~= 'begun' or fence ~= ARGV[1] then return end
if family or over then
  redis.call('HDEL', KEYS[1], 'state', 'fence', 'until')
else
  redis.call('DEL', KEYS[1])
end
`);

/** Spends the token, and ends the family if this is its first. ARGV: keepMs. Answers the family. */
export const spend = defineScript(`
open(KEYS[1], 'hash')
if note == 'newer' then return '' end
local family = redis.call('HGET', KEYS[1], 'family')
redis.call('HSET', KEYS[1], 'format', 1, 'state', 'spent')
redis.call('HDEL', KEYS[1], 'until')
if not family then redis.call('HSET', KEYS[1], 'over', 1) end
lengthen(KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return family or ''
`);

/** Of the first of a family; ARGV: keepMs. */
export const endFamily = defineScript(`
open(KEYS[1], 'hash')
if note == 'newer' then return end
redis.call('HSET', KEYS[1], 'format', 1, 'over', 1)
lengthen(KEYS[1], ARGV[1])
`);

/** Of the first of a family: 1 if it is over. */
export const isFamilyOver = defineScript(`
return open(KEYS[1], 'hash') and redis.call('HEXISTS', KEYS[1], 'over') or 0
`);

/** 1 while somebody is at it. */
export const isTaken = defineScript(`
if not open(KEYS[1], 'hash') then return 0 end
local state, untilMs = unpack(redis.call('HMGET', KEYS[1], 'state', 'until'))
return state == 'begun' and now < (tonumber(untilMs or '') or 0) and 1 or 0
`);
