import type { AddressInfo } from "node:net";
import { createControls } from "./controls/controls.ts";
import type { Controls } from "./controls/controls.ts";
import { createFaults } from "./controls/faults.ts";
import { addControls } from "./controls/http.ts";
import { createRequestLog } from "./controls/request-log.ts";
import type { RequestRecord } from "./controls/request-log.ts";
import { restoreState } from "./controls/stored-state.ts";
import { checkOptions } from "./options.ts";
import type { EmulatorOptions, SeedUser } from "./options.ts";
import { addCaptchaPage } from "./pages/captcha-page.ts";
import { addConsentPage } from "./pages/consent.ts";
import { createServer } from "./server.ts";
import { createEnvironment } from "./state/environment.ts";
import type { Environment } from "./state/environment.ts";
import type { Message } from "./state/inbox.ts";
import { hashPassword } from "./state/passwords.ts";

/** A running emulator. */
export interface Emulator extends Controls {
  /** The origin to use in place of the real host, such as "http://127.0.0.1:43117"; the API lies under /auth/v1. */
  readonly endpoint: string;
  /** Stops listening and closes every connection. May be called again. */
  close(): Promise<void>;
}

/** Who else wants to know what happens; the command prints it. */
export interface Observers {
  readonly answered?: (answer: RequestRecord) => void;
  readonly delivered?: (message: Message) => void;
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
  const { host, port, issuer, users, state, strict, allowedOrigins, ...fixed } = checkOptions(options);
  let endpoint = "";
  const environment = await createEnvironment({
    ...fixed,
    issuer: () => issuer ?? endpoint,
    endpoint: () => endpoint,
    delivered: observers.delivered,
  });
  const addUsers = await prepareUsers(users);
  const begin = async (): Promise<void> => {
    if (state) await restoreState(environment, { ...state, keys: undefined });
    addUsers(environment);
  };
  await begin();
  if (state?.keys) environment.keys.restore(state.keys);

  const log = createRequestLog(() => environment.clock.now(), observers.answered ?? (() => {}));
  const faults = createFaults();
  const { forger, ...controls } = createControls({ environment, log, faults, endpoint: () => endpoint, begin });
  const server = createServer(environment, { log, faults, strict, allowedOrigins });
  addControls(server, { forger, ...controls });
  addConsentPage(server, environment);
  addCaptchaPage(server, environment);
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

/** Hashes the passwords once; the answer adds the users to a memory, but for those that an import brought already. */
async function prepareUsers(users: readonly SeedUser[]): Promise<(environment: Environment) => void> {
  const profiles = await Promise.all(
    users.map(async ({ password, ...user }) => ({
      ...user,
      password: password === undefined ? undefined : await hashPassword(password),
    })),
  );
  return (environment) => {
    const imported = new Set(environment.users.all().map(({ sub }) => sub));
    for (const [index, profile] of profiles.entries()) {
      const taken = environment.users.taken(profile);
      if (taken === undefined) environment.users.add(profile);
      else if (!imported.has(environment.users.find(taken)?.sub ?? "")) {
        throw new TypeError(`users[${index}]: "${taken}" is taken by an earlier user.`);
      }
    }
  };
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
