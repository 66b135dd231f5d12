import { createHash } from "node:crypto";

/** A script for Redis; all its keys lie in one slot. */
export interface Script {
  readonly text: string;
  /** By which Redis knows it (EVALSHA); no secret depends on it. */
  readonly digest: string;
}

/**
 * What every script begins with. The last argument is the moment, by the clock of Redis, from which on its caller has
 * given it up: a command that lies in a buffer while Redis hangs is read when it goes on, and must not do then what
 * nobody waits for any more. Each answer tells the clock, so that the next command can name its moment.
 *
 * `now` is in milliseconds since the epoch; `open` says whether a key has what we wrote. What is of another type or of
 * no format of ours is deleted, and what is of a newer format is left alone; neither is there for the script.
 */
const prelude = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if now >= tonumber(ARGV[#ARGV]) then return {now, 'late'} end
local note = ''
local function discard(key)
  redis.call('DEL', key)
  note = 'foreign'
  return false
end
local function open(key, kind)
  local found = redis.call('TYPE', key).ok
  if found == 'none' then return false end
  if found ~= kind then return discard(key) end
  if kind == 'hash' then
    local format = tonumber(redis.call('HGET', key, 'format') or '')
    if not format then return discard(key) end
    if format > 1 then
      note = 'newer'
      return false
    end
  end
  return true
end
local function lengthen(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
end
local function run()
`;
const epilogue = `
end
local answer = run()
return {now, note, answer}
`;

/** `body` is Lua that returns the answer: text, a number, a list of them, or false. */
export function defineScript(body: string): Script {
  const text = prelude + body + epilogue;
  return { text, digest: createHash("sha1").update(text).digest("hex") };
}

/** What a script answered. */
export type ScriptAnswer =
  | { readonly state: "late"; readonly now: number }
  | { readonly state: "done"; readonly now: number; readonly note: "" | "foreign" | "newer"; readonly answer: unknown };

/** `undefined` for anything else. */
export function parseScriptAnswer(value: unknown): ScriptAnswer | undefined {
  const [time, note, answer] = listOf(value);
  if (time === undefined) return undefined;
  const now = Number(time);
  if (!Number.isFinite(now)) return undefined;
  if (note === "late") return { state: "late", now };
  return note === "" || note === "foreign" || note === "newer" ? { state: "done", now, note, answer } : undefined;
}

/** The list that an answer is; empty for anything else. */
export function listOf(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : [];
}
