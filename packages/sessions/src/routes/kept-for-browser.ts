import type { RouteCall } from "./route.ts";

/**
 * What is kept for a browser between two of its requests, in sealed cookies of its own: in mode `session` no token is
 * in a body, not even one that is good for a single step.
 */
const kinds = {
  /** A code that was sent: where to, and the server's handle of it. */
  code: "code",
  /** A code that was shown: the proof of it. */
  proof: "proof",
  /** A picture that waits for its answer. */
  picture: "picture",
  /** The proof that a picture was read. */
  captcha: "captcha",
  /** The device that an anonymous user is told by. */
  device: "device",
} as const;

export type Kept = keyof typeof kinds;

/** Keeps something for so long, in the place of what was kept as that before. */
export async function keep(
  call: RouteCall,
  kind: Kept,
  data: Readonly<Record<string, string | undefined>>,
  maxAgeSeconds: number,
): Promise<void> {
  const present: Record<string, string> = { kind };
  for (const [name, value] of Object.entries(data)) if (value !== undefined) present[name] = value;
  call.setCookies([await call.keeper.transactions.seal(kinds[kind], present, maxAgeSeconds)]);
}

/** What was kept, if it has not ended. */
export async function recall(call: RouteCall, kind: Kept): Promise<Readonly<Record<string, string>> | undefined> {
  const data = await call.keeper.transactions.open(call.request, kinds[kind]);
  return data?.["kind"] === kind ? data : undefined;
}

/** Takes it away, where the request has it. */
export function forget(call: RouteCall, ...which: readonly Kept[]): void {
  const { transactions } = call.keeper;
  const there = transactions.keys(call.request);
  call.setCookies(which.filter((kind) => there.includes(kinds[kind])).map((kind) => transactions.expire(kinds[kind])));
}
