import type { AddressInfo } from "node:net";
import { issueMadeUpToken } from "./operations/grant.ts";
import { checkOptions } from "./options.ts";
import type { EmulatorOptions } from "./options.ts";
import { createServer } from "./server.ts";
import type { Answered } from "./server.ts";
import type { EmulatorClock } from "./state/clock.ts";
import { createEnvironment } from "./state/environment.ts";
import type { Environment } from "./state/environment.ts";
import type { Inbox, Message } from "./state/inbox.ts";
import { hashPassword } from "./state/passwords.ts";
import { newSubject } from "./state/users.ts";

/** A running emulator. */
export interface Emulator {
  /** The origin to use in place of the real host, such as "http://127.0.0.1:43117"; the API lies under /auth/v1. */
  readonly endpoint: string;
  /** The codes that were "sent" by SMS and e-mail. */
  readonly inbox: Inbox;
  /** The emulator's time: every `iat`, `exp` and lifetime follows it. */
  readonly clock: EmulatorClock;
  /**
   * The published key that has not signed yet starts to sign, a new one is published for the next rotation, and the
   * one that signed until now is dropped: its tokens are worth nothing from here on.
   */
  rotateKeys(): Promise<void>;
  /**
   * A really signed access token of a user that nobody has registered, for tests.
   *
   * @param claims - laid over the usual claims; a member that is `undefined` removes the claim
   */
  issueToken(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Stops listening and closes every connection. May be called again. */
  close(): Promise<void>;
}

/** Who else wants to know what happens; the command prints it. */
export interface Observers {
  readonly answered?: (answer: Answered) => void;
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
  const { host, port, envId, registeredClient, issuer, now, users } = checkOptions(options);
  let endpoint = "";
  const environment = await createEnvironment({
    envId,
    registeredClient,
    issuer: () => issuer ?? endpoint,
    now,
    delivered: observers.delivered,
  });
  await addUsers(environment, users);
  const server = createServer(environment, observers.answered ?? (() => {}));
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
  return {
    endpoint,
    inbox: { latest: (to) => environment.inbox.latest(to), messages: () => environment.inbox.messages() },
    clock: environment.clock,
    rotateKeys: () => environment.keys.rotate(),
    issueToken: (claims = {}) => issueMadeUpToken(environment, newSubject(environment.random), claims),
    close: () => (closed ??= Promise.resolve(server.close())),
  };
}

async function addUsers(environment: Environment, users: NonNullable<EmulatorOptions["users"]>): Promise<void> {
  const passwords = await Promise.all(
    users.map(async ({ password }) => (password === undefined ? undefined : hashPassword(password))),
  );
  for (const [index, user] of users.entries()) {
    const taken = environment.users.taken(user);
    if (taken !== undefined) throw new TypeError(`users[${index}]: "${taken}" is taken by an earlier user.`);
    environment.users.add({ ...user, password: passwords[index] });
  }
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
