import type { Fault } from "@cloudbase-auth/emulator";
import type { AuthApiErrorKind } from "../../../src/index.ts";

/** What may go wrong on the wire, and what every call makes of it. */
export interface FaultRow {
  readonly title: string;
  readonly fault: Fault;
  readonly kind: AuthApiErrorKind;
  readonly error?: string;
  readonly status: number | undefined;
  readonly retryAfterSeconds?: number;
  /** How often a GET is sent; everything else is sent once. */
  readonly sent: number;
  /** Whether it is the call's own time that ends it. */
  readonly timesOut?: true;
  readonly cause?: RegExp;
}

const body = { error: "internal", error_code: 13 };

export const faultRows: readonly FaultRow[] = [
  { title: "500", fault: { kind: "status", status: 500 }, kind: "unavailable", status: 500, sent: 1 },
  {
    ...{ title: "500 in the API's own form", fault: { kind: "status", status: 500, body } },
    ...{ kind: "unavailable", error: "internal", status: 500, sent: 1 },
  },
  {
    title: "503",
    fault: { kind: "status", status: 503, body: {} },
    kind: "unavailable",
    error: "status_503",
    status: 503,
    sent: 3,
  },
  {
    ...{ title: "503 for longer than the call may take", kind: "unavailable", status: 503, sent: 1 },
    ...{ fault: { kind: "status", status: 503, headers: { "Retry-After": "60" } }, retryAfterSeconds: 60 },
  },
  { title: "429", fault: { kind: "status", status: 429 }, kind: "rate_limited", status: 429, sent: 3 },
  {
    ...{ title: "429 for longer than the call may take", kind: "rate_limited", status: 429, sent: 1 },
    ...{ fault: { kind: "status", status: 429, headers: { "Retry-After": "60" } }, retryAfterSeconds: 60 },
  },
  {
    title: "no answer",
    fault: { kind: "hang" },
    kind: "unavailable",
    status: undefined,
    sent: 1,
    timesOut: true,
  },
  {
    title: "an answer without end",
    fault: { kind: "drip", everyMs: 20 },
    kind: "unavailable",
    status: undefined,
    sent: 1,
    timesOut: true,
  },
  {
    title: "a reset connection",
    fault: { kind: "reset" },
    kind: "unavailable",
    status: undefined,
    sent: 3,
    cause: /failed: (?:ECONNRESET|UND_ERR_SOCKET)/,
  },
  {
    title: "no JSON",
    fault: { kind: "garbage" },
    kind: "unavailable",
    status: 200,
    sent: 1,
    cause: /is no JSON object; it begins "<html>/,
  },
  {
    title: "200 MB",
    fault: { kind: "huge" },
    kind: "unavailable",
    status: undefined,
    sent: 3,
    cause: /more than 1048576 bytes/,
  },
  {
    title: "a redirect",
    fault: { kind: "redirect", url: "http://127.0.0.1:9/elsewhere" },
    kind: "unavailable",
    status: 302,
    sent: 1,
  },
];
