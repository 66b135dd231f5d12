import { Dispatcher } from "undici";

/** Stands where a network would be. */
export interface MemoryNetwork {
  /** For option `dispatcher`. */
  readonly dispatcher: Dispatcher;
  readonly goDown: () => void;
  readonly comeBack: () => void;
}

/**
 * A dispatcher that asks a function and opens no connection. Requests to other origins fail: in a test, whoever goes
 * there is lost.
 */
export function createMemoryNetwork(origin: string, answer: (request: Request) => Promise<Response>): MemoryNetwork {
  let isDown = false;

  function dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const aborted = new AbortController();
    const controller: Dispatcher.DispatchController = {
      ...{ paused: false, pause: () => undefined, resume: () => undefined },
      get aborted() {
        return aborted.signal.aborted;
      },
      get reason() {
        const reason: unknown = aborted.signal.reason;
        return reason instanceof Error ? reason : null;
      },
      abort: (reason) => aborted.abort(reason),
    };
    exchange(options, handler, controller, aborted.signal).catch((error: unknown) => {
      handler.onResponseError?.(controller, error instanceof Error ? error : new Error(String(error)));
    });
    return true;
  }

  async function exchange(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    controller: Dispatcher.DispatchController,
    signal: AbortSignal,
  ): Promise<void> {
    handler.onRequestStart?.(controller, undefined);
    // As over a network, nothing is answered within the call.
    await Promise.resolve();
    signal.throwIfAborted();
    if (String(options.origin) !== origin) {
      throw failure("ENOTFOUND", `${String(options.origin)} is not asked in tests; only ${origin} is there`);
    }
    if (isDown) throw failure("ECONNREFUSED", `${origin} is down: goDown() was called`);
    const response = await answer(requestOf(options, signal));
    const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) headers["set-cookie"] = cookies;
    handler.onResponseStart?.(controller, response.status, headers, response.statusText);
    for await (const chunk of response.body ?? []) {
      signal.throwIfAborted();
      handler.onResponseData?.(controller, Buffer.from(chunk));
    }
    signal.throwIfAborted();
    handler.onResponseEnd?.(controller, {});
  }

  return {
    dispatcher: Object.assign(new Dispatcher(), { dispatch }),
    goDown() {
      isDown = true;
    },
    comeBack() {
      isDown = false;
    },
  };
}

function requestOf({ origin, path, method, headers, body }: Dispatcher.DispatchOptions, signal: AbortSignal): Request {
  if (body !== null && body !== undefined && typeof body !== "string") {
    throw new TypeError("only requests whose body is a string can be answered in memory");
  }
  if (typeof headers !== "object" || headers === null || Symbol.iterator in headers) {
    throw new TypeError("only requests whose headers are an object can be answered in memory");
  }
  const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(`${String(origin)}${path}`, { method, headers: sent, body: body ?? null, signal });
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
