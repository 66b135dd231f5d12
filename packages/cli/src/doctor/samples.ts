import { setTimeout as wait } from "node:timers/promises";

/** One answer of the server, with when it was asked and heard by the clock here, in milliseconds since the epoch. */
interface Sample {
  readonly askedAt: number;
  readonly heardAt: number;
  readonly tookMs: number;
  readonly date: number | undefined;
}

/** Answers to the same question, or why there is none. */
export type Samples =
  | { readonly answered: true; readonly all: readonly Sample[]; readonly maxAge: string | undefined }
  | { readonly answered: false; readonly why: "silence" | "broken"; readonly code: string };

const timeoutMs = 3_000;
const count = 5;
// A Date has whole seconds: questions spread over one second find out where in it the server is.
const pauseMs = 230;

/** Asks for the key set a few times over: for the latency and for the server's clock. */
export async function takeSamples(url: string, now: () => number = Date.now): Promise<Samples> {
  const all: Sample[] = [];
  let maxAge: string | undefined;
  for (let index = 0; index < count; index += 1) {
    if (index > 0) await wait(pauseMs);
    const [askedAt, startedAt] = [now(), performance.now()];
    try {
      const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
      const tookMs = performance.now() - startedAt;
      const heardAt = askedAt + tookMs;
      await answer.body?.cancel();
      maxAge = /max-age=(\d+)/.exec(answer.headers.get("cache-control") ?? "")?.[1];
      all.push({ askedAt, heardAt, tookMs, date: dateOf(answer.headers) });
    } catch (error) {
      // One that got lost among others says nothing.
      if (all.length > 0) continue;
      if (error instanceof Error && error.name === "TimeoutError") return { answered: false, why: "silence", code: "" };
      return { answered: false, why: "broken", code: codeOf(error) };
    }
  }
  return { answered: true, all, maxAge };
}

/** RFC 9110 §6.6.1; a cache in between passes the old one on, and says in Age how old it is (RFC 9111 §5.1). */
function dateOf(headers: Headers): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const age = Number(headers.get("age") ?? 0);
  return Number.isNaN(date) ? undefined : date + (Number.isFinite(age) ? age * 1_000 : 0);
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "no HTTP";
}
