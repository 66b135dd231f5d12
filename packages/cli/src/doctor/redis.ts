import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatMs } from "../terminal/times.ts";
import { TimeOverError, inTime } from "./in-time.ts";
import { openRedis } from "./redis-connection.ts";

const timeoutMs = 3_000;
const oldest = 7;

/** Whether Redis answers, and is one that the stores of `@cloudbase-auth/redis` can keep things in. */
export async function checkRedis(url: string | undefined, open = openRedis): Promise<Outcome> {
  if (url === undefined) return skipped("no REDIS_URL and no --redis; one process needs none");
  const host = URL.canParse(url) ? new URL(url).host : "";
  if (host === "") {
    return failed("REDIS_URL is no URL", "Yours to fix: write it as redis://host:6379, or rediss:// with TLS.");
  }
  const connection = await open(url);
  if (connection === undefined) {
    return skipped("neither ioredis nor redis is installed beside this command: npm install --save-dev ioredis");
  }
  const startedAt = performance.now();
  try {
    const info = await inTime(timeoutMs, connection.info());
    return judge(info, host, formatMs(performance.now() - startedAt));
  } catch (error) {
    return failureOf(error, host);
  } finally {
    connection.close();
  }
}

function judge(info: string, host: string, took: string): Outcome {
  const valueOf = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
  const valkey = valueOf("valkey_version");
  const version = valkey ?? valueOf("redis_version") ?? "of an unknown version";
  const name = `${valkey === undefined ? "Redis" : "Valkey"} ${version}`;
  if (Number.parseInt(version, 10) < oldest) {
    return failed(`${host} is ${name}, older than ${String(oldest)}`, "Yours to fix: upgrade Redis, or use Valkey.");
  }
  const policy = valueOf("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction") {
    return failed(
      `${name} at ${host} answers (${took}), but throws keys away when memory is short (${policy})`,
      "Yours to fix: set maxmemory-policy noeviction; otherwise revocations and sessions get lost.",
    );
  }
  return ok(`${name} at ${host} answers (${took})`);
}

function failureOf(error: unknown, host: string): Outcome {
  if (error instanceof TimeOverError) {
    return failed(
      `Redis at ${host} did not answer within ${String(timeoutMs / 1_000)} s`,
      "Whoever runs it has to look at it: it hangs, or a firewall drops the connection. Bearer routes go on without it.",
    );
  }
  // Of what Redis says only its word for the kind of trouble: the rest may repeat what was sent.
  const said = error instanceof Error ? error.message : "";
  const code = error instanceof Error && "code" in error ? String(error.code) : (/^[A-Z]{4,}\b/.exec(said)?.[0] ?? "");
  if (["NOAUTH", "WRONGPASS"].includes(code) || /^ERR (?:AUTH|invalid password)/.test(said)) {
    return failed(
      `Redis at ${host} does not accept the password (${code || "ERR"})`,
      "Yours to fix: put user and password into REDIS_URL: redis://user:password@host:6379.",
    );
  }
  return failed(
    `Redis at ${host} cannot be used (${code || "no reason given"})`,
    code === "ECONNREFUSED" ? "Start Redis, or correct REDIS_URL." : "Check REDIS_URL, and that Redis is up.",
  );
}
