import type { OutgoingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { assembleEmulator } from "./assemble.ts";
import type { Controls } from "./controls/controls.ts";
import { checkOptions } from "./options.ts";
import type { EmulatorOptions } from "./options.ts";

/** An emulator without a port: whoever holds it asks it. */
export interface MemoryEmulator extends Controls {
  /** The origin that its tokens name. Nothing listens there, and no such name is ever resolved (RFC 6761 §6.4). */
  readonly endpoint: string;
  /**
   * Answers a request to the API as the server would. Rejects where the server would cut the connection, and waits where
   * it would let the client wait: give the request a `signal` then.
   */
  handle(request: Request): Promise<Response>;
  /** Lets go of everything. May be called again. */
  close(): Promise<void>;
}

/** Statuses whose answers have no body (RFC 9110 §6.4.1). */
const withoutBody = [204, 205, 304];

/**
 * The same server as `createEmulator`, within the process: no port, no socket.
 *
 * @throws TypeError for a wrong option
 *
 * @example
 * ```ts
 * const emulator = await createMemoryEmulator({ envId: "demo" });
 * const response = await emulator.handle(new Request(`${emulator.endpoint}/auth/v1/certs`));
 * await emulator.close();
 * ```
 */
export async function createMemoryEmulator(options: Omit<EmulatorOptions, "host" | "port">): Promise<MemoryEmulator> {
  const { host: _host, port: _port, ...checked } = checkOptions(options);
  const endpoint = `https://${checked.envId}.emulator.invalid`;
  const { controls, server } = await assembleEmulator(checked, {}, () => endpoint);

  async function handle(request: Request): Promise<Response> {
    const answering = server.inject({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      payload: Buffer.from(await request.arrayBuffer()),
      payloadAsStream: true,
    });
    const answer = await untilAborted(request.signal, answering);
    // Named, as it is another of the same name where the types of a browser are there too.
    const body = withoutBody.includes(answer.statusCode) ? null : (Readable.toWeb(answer.stream()) as ReadableStream);
    return new Response(body, { status: answer.statusCode, headers: headersOf(answer.headers) });
  }

  let closed: Promise<void> | undefined;
  return { ...controls, endpoint, handle, close: () => (closed ??= Promise.resolve(server.close())) };
}

function headersOf(given: OutgoingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, String(one));
  }
  return headers;
}

async function untilAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener("abort", giveUp);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
