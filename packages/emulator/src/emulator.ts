import type { AddressInfo } from "node:net";
import { assembleEmulator } from "./assemble.ts";
import type { Observers } from "./assemble.ts";
import type { Controls } from "./controls/controls.ts";
import { checkOptions } from "./options.ts";
import type { EmulatorOptions } from "./options.ts";

/** A running emulator. */
export interface Emulator extends Controls {
  /** The origin to use in place of the real host, such as "http://127.0.0.1:43117"; the API lies under /auth/v1. */
  readonly endpoint: string;
  /** Stops listening and closes every connection. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a CloudBase Auth v2 server on this machine. State lives in memory and ends with `close()`.
 *
 * @throws TypeError for a wrong option
 * @throws Error when the port cannot be opened; the system's error, with its `code`, is the `cause`
 *
 * @example
 * ```ts
 * const emulator = await createEmulator({ envId: "demo" });
 * const response = await fetch(`${emulator.endpoint}/auth/v1/signin/anonymously`, {
 *   method: "POST",
 *   headers: { "x-device-id": "my-device" },
 *   body: "{}",
 * });
 * await emulator.close();
 * ```
 */
export function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  return startEmulator(options, {});
}

/** The same with observers. */
export async function startEmulator(options: EmulatorOptions, observers: Observers): Promise<Emulator> {
  const { host, port, ...checked } = checkOptions(options);
  let endpoint = "";
  const { controls, server } = await assembleEmulator(checked, observers, () => endpoint);
  try {
    await server.listen({ host, port });
  } catch (cause) {
    await server.close();
    throw new Error(explainListenFailure(cause, host, port), { cause });
  }
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens, but not on a port.");
  endpoint = originOf(address);

  let closed: Promise<void> | undefined;
  return { ...controls, endpoint, close: () => (closed ??= Promise.resolve(server.close())) };
}

function explainListenFailure(cause: unknown, host: string, port: number): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is already in use: stop the program that listens there, or choose another port (0 picks a free one).`;
    case "EACCES":
      return `Port ${port} on ${host} may not be opened by this user: choose a port above 1023 (0 picks a free one).`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine: choose a host such as 127.0.0.1 or 0.0.0.0.`;
    default:
      return `Port ${port} on ${host} cannot be opened (${typeof code === "string" ? code : "unknown reason"}).`;
  }
}

/** "Everywhere" is no place to connect to: a client on this machine uses the loopback address. */
function originOf({ address, family, port }: AddressInfo): string {
  if (address === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (address === "::") return `http://[::1]:${port}`;
  return family === "IPv6" ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
