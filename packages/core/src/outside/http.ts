import type { Dispatcher } from "undici";
import { beginningOf, sentIn } from "../protocol/api-failure.ts";
import type { UpstreamRequestEvent } from "../words/diagnostics.ts";
import { tell } from "./diagnostics.ts";
import { startTimeout } from "./timeout.ts";

/** Bounds of one request; a peer that breaks one has failed. */
export interface RequestLimits {
  readonly connectTimeoutMs: number;
  /** From the call to the last byte of the body. */
  readonly totalTimeoutMs: number;
  readonly maxBodyBytes: number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly limits: RequestLimits;
  /** What may be told of it. */
  readonly about: Pick<UpstreamRequestEvent, "environment" | "call" | "url" | "resends">;
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * There was no whole answer. The message names method, origin and path: a query may hold secrets, a body always may.
 * `beginning` has the first bytes of an answer that was too long, `code` the kind of trouble in a word.
 */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly beginning: string | undefined;
  readonly code: string | undefined;

  constructor(
    message: string,
    parts: { readonly code?: string; readonly beginning?: string; readonly cause?: unknown } = {},
  ) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.beginning = parts.beginning;
    this.code = parts.code;
  }
}

/** The only place that sends a request. */
export interface HttpClient {
  /** @throws HttpError whatever went wrong, and the signal's reason if it was aborted */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly close: () => Promise<void>;
}

/**
 * Sends requests through undici: no redirects followed, no compression accepted, time and size bounded.
 *
 * A `dispatcher` that is given stays the caller's to close, and its connect timeout holds. undici is loaded with the
 * first request, because its import is slow and a process may never need it.
 */
export function createHttpClient(dispatcher: Dispatcher | undefined): HttpClient {
  // By connect timeout, which undici knows per agent only.
  const agents = new Map<number, Promise<Dispatcher>>();

  async function open(connectTimeoutMs: number): Promise<Dispatcher> {
    const { Agent } = await import("undici");
    return new Agent({ connect: { timeout: connectTimeoutMs } });
  }

  function agentFor(connectTimeoutMs: number): Promise<Dispatcher> {
    const known = agents.get(connectTimeoutMs);
    if (known !== undefined) return known;
    const opened = open(connectTimeoutMs);
    agents.set(connectTimeoutMs, opened);
    return opened;
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const startedAt = performance.now();
    const tellOf = (status: number | undefined, error: string | undefined): void => {
      tell("cloudbase-auth:upstream_request", () => {
        const durationMs = performance.now() - startedAt;
        return { ...request.about, method: request.method, status, error, durationMs };
      });
    };
    try {
      const answer = await transfer(request);
      tellOf(answer.status, undefined);
      return answer;
    } catch (error) {
      tellOf(undefined, error instanceof HttpError ? error.code : "aborted");
      throw error;
    }
  }

  async function transfer({ method, url, headers, body, limits, signal }: HttpRequest): Promise<HttpAnswer> {
    const name = nameOf(method, url);
    // Counted from here, so that loading undici does not come on top.
    const timeout = startTimeout(limits.totalTimeoutMs);
    try {
      const { request } = await import("undici");
      const answer = await request(url, {
        method,
        dispatcher: dispatcher ?? (await agentFor(limits.connectTimeoutMs)),
        headers: { accept: "application/json", "accept-encoding": "identity", ...headers },
        body: body ?? null,
        signal: signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal]),
      });
      // A body that is let go of reports that as an error of its own, and one without a listener would end the process.
      answer.body.on("error", () => undefined);
      if (!["identity", undefined].includes(answer.headers["content-encoding"]?.toString().toLowerCase())) {
        answer.body.destroy();
        throw new HttpError(`${name} was answered compressed, which was not asked for`, { code: "compressed" });
      }
      const text = await readBody(name, answer.body, limits.maxBodyBytes, sentIn({ url, headers, body }));
      return { status: answer.statusCode, headers: answer.headers, body: text };
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (signal?.aborted === true) throw signal.reason;
      if (timeout.signal.aborted) {
        const code = "timeout";
        throw new HttpError(`${name} took longer than ${String(limits.totalTimeoutMs)} ms`, { code, cause: error });
      }
      const code = causeOf(error);
      throw new HttpError(`${name} failed: ${code}`, { code, cause: withoutBytes(error) });
    } finally {
      timeout.stop();
    }
  }

  return {
    send,
    async close() {
      for (const agent of agents.values()) await (await agent).destroy();
    },
  };
}

function nameOf(method: string, url: string): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

async function readBody(
  name: string,
  body: AsyncIterable<Buffer>,
  maxBodyBytes: number,
  sent: string,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    chunks.push(chunk);
    if (length > maxBodyBytes) {
      const beginning = beginningOf(Buffer.concat(chunks).subarray(0, 800).toString("utf8"), sent);
      throw new HttpError(`${name} was answered with more than ${String(maxBodyBytes)} bytes`, {
        code: "too_long",
        beginning,
      });
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** undici's parser keeps the bytes that it could not read, which may be tokens. */
function withoutBytes(error: unknown): unknown {
  if (error instanceof Error && "data" in error) Object.defineProperty(error, "data", { value: undefined });
  return error;
}

/** The system's short code where there is one: `ECONNREFUSED` says more than "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
