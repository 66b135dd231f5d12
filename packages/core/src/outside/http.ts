import type { Dispatcher } from "undici";

/** Bounds of one request; a peer that breaks one has failed. */
export interface RequestLimits {
  readonly connectTimeoutMs: number;
  /** From the call to the last byte of the body. */
  readonly totalTimeoutMs: number;
  readonly maxBodyBytes: number;
}

/** A whole answer with status 200. */
export interface HttpAnswer {
  readonly body: string;
}

/** A request that did not give a usable answer; the message names the URL, which holds no secret, and never the body. */
export class HttpError extends Error {
  override readonly name = "HttpError";
}

/** The only place that sends a request. */
export interface HttpClient {
  /** Reads `url`. @throws HttpError whatever went wrong */
  get(url: string): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/**
 * Sends requests through undici: no redirects followed, no compression accepted, time and size bounded.
 *
 * A `dispatcher` that is given stays the caller's to close. undici is loaded with the first request, because its import
 * is slow and a process may never need it.
 */
export function createHttpClient(limits: RequestLimits, dispatcher: Dispatcher | undefined): HttpClient {
  let own: Promise<Dispatcher> | undefined;

  async function open(): Promise<Dispatcher> {
    const { Agent } = await import("undici");
    return new Agent({ connect: { timeout: limits.connectTimeoutMs } });
  }

  async function get(url: string): Promise<HttpAnswer> {
    // Counted from here, so that loading undici does not come on top.
    const signal = AbortSignal.timeout(limits.totalTimeoutMs);
    try {
      const { request } = await import("undici");
      const answer = await request(url, {
        dispatcher: dispatcher ?? (await (own ??= open())),
        headers: { accept: "application/json", "accept-encoding": "identity" },
        signal,
      });
      // A body that is let go of reports that as an error of its own, and one without a listener would end the process.
      answer.body.on("error", () => undefined);
      if (answer.statusCode !== 200) {
        answer.body.destroy();
        throw new HttpError(`GET ${url} was answered with status ${String(answer.statusCode)} instead of 200`);
      }
      if (answer.headers["content-encoding"] !== undefined) {
        answer.body.destroy();
        throw new HttpError(`GET ${url} was answered compressed, which was not asked for`);
      }
      return { body: await readBody(url, answer.body, limits.maxBodyBytes) };
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (signal.aborted) {
        throw new HttpError(`GET ${url} took longer than ${String(limits.totalTimeoutMs)} ms`, { cause: error });
      }
      throw new HttpError(`GET ${url} failed: ${causeOf(error)}`, { cause: error });
    }
  }

  return {
    get,
    async close() {
      await (await own)?.destroy();
    },
  };
}

async function readBody(url: string, body: AsyncIterable<Buffer>, maxBodyBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBodyBytes)
      throw new HttpError(`GET ${url} was answered with more than ${String(maxBodyBytes)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The system's short code where there is one: `ECONNREFUSED` says more than "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
