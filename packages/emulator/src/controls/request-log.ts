import type { FastifyRequest } from "fastify";
import { parseAuthorization } from "../credentials.ts";
import type { Credentials } from "../credentials.ts";
import { isFields } from "../operations/fields.ts";

/** A request to the API, without anything secret: no query value, no body, no credentials. */
export interface RequestRecord {
  /** Epoch milliseconds on the emulator's clock. */
  readonly at: number;
  readonly method: string;
  /** Without the query; a segment as long as a token is "…". */
  readonly path: string;
  /** The names of the query parameters; "…" for one that cannot be a name. */
  readonly query: readonly string[];
  /** `undefined` while there is no answer, and for good after a fault that answers nothing. */
  readonly status: number | undefined;
  /** The `error` of the body. */
  readonly error: string | undefined;
  /** The kind of the fault that `failNext` planned for it. */
  readonly fault: string | undefined;
  readonly requestId: string | undefined;
  readonly deviceId: string | undefined;
  /** As the request names it: query `client_id`, else the user of Basic, else body `client_id`. */
  readonly clientId: string | undefined;
  readonly authorization: Credentials["scheme"];
}

export interface RequestLog {
  /** The last 1000 requests, oldest first. Those to /emulator are not among them. */
  entries(): readonly RequestRecord[];
  clear(): void;
}

/** The server's side of the log. */
export interface RequestRecorder extends RequestLog {
  arrived(request: FastifyRequest, requestId: string): void;
  /** @param body - the bytes of the body, if it was read */
  answered(request: FastifyRequest, answer: Pick<RequestRecord, "status" | "error">, body?: unknown): void;
  failed(request: FastifyRequest, fault: string): void;
}

const kept = 1000;

export function createRequestLog(now: () => number, answered: (record: RequestRecord) => void): RequestRecorder {
  let records: RequestRecord[] = [];
  const recordOf = new WeakMap<FastifyRequest, RequestRecord>();

  const change = (request: FastifyRequest, changes: Partial<RequestRecord>): RequestRecord | undefined => {
    const before = recordOf.get(request);
    if (!before) return undefined;
    const after = { ...before, ...changes };
    recordOf.set(request, after);
    const index = records.lastIndexOf(before);
    if (index !== -1) records[index] = after;
    return after;
  };

  return {
    entries: () => [...records],
    clear() {
      records = [];
    },
    arrived(request, requestId) {
      const record = { ...describe(request), at: now(), requestId: printable(requestId) };
      recordOf.set(request, record);
      records.push(record);
      if (records.length > kept) records.shift();
    },
    answered(request, { status, error }, body) {
      const clientId = recordOf.get(request)?.clientId ?? clientInBody(body);
      const record = change(request, { status, error, clientId });
      if (record) answered(record);
    },
    failed(request, fault) {
      change(request, { fault });
    },
  };
}

function describe(request: FastifyRequest): Omit<RequestRecord, "at" | "requestId"> {
  const credentials = parseAuthorization(request.headers.authorization);
  const deviceId = request.headers["x-device-id"];
  const [path = "", query = ""] = request.url.split("?", 2);
  return {
    method: request.method,
    path: maskedPath(path),
    query: query === "" ? [] : query.split("&").map((pair) => /^([a-z_]{1,32})=/.exec(pair)?.[1] ?? "…"),
    status: undefined,
    error: undefined,
    fault: undefined,
    deviceId: typeof deviceId === "string" ? printable(deviceId) : undefined,
    clientId: clientIn(request.query) ?? (credentials.scheme === "basic" ? printable(credentials.id) : undefined),
    authorization: credentials.scheme,
  };
}

function clientIn(fields: unknown): string | undefined {
  const id = isFields(fields) && Object.hasOwn(fields, "client_id") ? fields["client_id"] : undefined;
  return typeof id === "string" && id !== "" ? printable(id) : undefined;
}

/** For the log only: a body that is no JSON names no client. */
function clientInBody(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body) || !body.includes('"client_id"')) return undefined;
  try {
    return clientIn(JSON.parse(body.toString("utf8")));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Nothing of the API's own is as long as a token. */
function maskedPath(path: string): string {
  return printable(path.replaceAll(/[^/]{40,}/g, "…"), 200);
}

/** A terminal shall not be steered from outside, and a client id that is as long as a token may be one. */
function printable(text: string, longest = 72): string {
  return (text.length > longest ? `${text.slice(0, 8)}…` : text).replaceAll(/[^\x20-\x7e…]/g, "?");
}
