import { defineScript } from "./script.ts";

/** Of a session, by its id; ARGV: value, version, owner, ttlMs. */
export const writeSession = defineScript(`
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'format', 1, 'value', ARGV[1], 'version', ARGV[2], 'owner', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
`);

/** Answers value, version and owner, or false. */
export const readSession = defineScript(`
if not open(KEYS[1], 'hash') then return false end
local found = redis.call('HMGET', KEYS[1], 'value', 'version', 'owner')
if not (found[1] and found[2] and found[3]) then return discard(KEYS[1]) end
return found
`);

/** ARGV: the version that was read, value, the version from now on, ttlMs. It may be run twice. */
export const replaceSession = defineScript(`
if not open(KEYS[1], 'hash') then return 'gone' end
local version = redis.call('HGET', KEYS[1], 'version')
if version ~= ARGV[1] and version ~= ARGV[3] then return 'changed' end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'version', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 'replaced'
`);

/** Answers whose it was, or false. */
export const deleteSession = defineScript(`
if not open(KEYS[1], 'hash') then return false end
local owner = redis.call('HGET', KEYS[1], 'owner')
redis.call('DEL', KEYS[1])
return owner
`);

/** Of an owner's index, ids by when they end; ARGV: id, ttlMs. */
export const enterIndex = defineScript(`
if open(KEYS[1], 'zset') then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now) end
redis.call('ZADD', KEYS[1], 'GT', now + ARGV[2], ARGV[1])
lengthen(KEYS[1], ARGV[2])
`);

/** Answers all ids. */
export const readIndex = defineScript(`
if not open(KEYS[1], 'zset') then return {} end
return redis.call('ZRANGE', KEYS[1], 0, -1)
`);

/** ARGV: ids. */
export const leaveIndex = defineScript(`
if not open(KEYS[1], 'zset') then return end
for at = 1, #ARGV - 1 do redis.call('ZREM', KEYS[1], ARGV[at]) end
`);
