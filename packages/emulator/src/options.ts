import { parseState } from "./controls/parse-state.ts";
import type { CheckedState } from "./controls/stored-state.ts";
import { checkSettings } from "./settings.ts";
import type { CheckedSettings, EmulatorSettings } from "./settings.ts";
import { isEmail, isPhoneNumber } from "./state/address.ts";
import { createCustomLoginKeys } from "./state/custom-login-keys.ts";
import type { CustomLoginKey, CustomLoginKeys } from "./state/custom-login-keys.ts";
import type { UserStatus } from "./state/users.ts";

/** A user that exists from the start. At least one of the three logins is needed. */
export interface SeedUser {
  readonly username?: string;
  readonly email?: string;
  /** With country code and one space: "+86 13800000000". */
  readonly phoneNumber?: string;
  /** Without one the user can sign in with a code only. */
  readonly password?: string;
  readonly name?: string;
  /** The ids of the user's groups, in the token and in GET /auth/v1/user/me. */
  readonly groups?: readonly string[];
  /** PENDING and BLOCKED users cannot sign in: `user_pending`, `user_blocked`. @default "ACTIVE" */
  readonly status?: UserStatus;
}

export interface EmulatorOptions {
  /** The environment: 1 to 40 characters of a-z, 0-9, "_" and "-". Any will do. */
  readonly envId: string;
  /** @default 0, a free port */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /**
   * Registers a client beside the environment's own: other client ids are refused from then on. Without it and without
   * `clientSecret` any client id and secret are accepted.
   */
  readonly clientId?: string;
  /** The secret of that client, or of the environment's own client when there is no `clientId`. */
  readonly clientSecret?: string;
  /** The `iss` of every token. @default the endpoint */
  readonly issuer?: string;
  /** The time in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default none */
  readonly users?: readonly SeedUser[];
  /**
   * What `export()` of an earlier emulator gave, or JSON written by hand: see `import()`. A user of `users` whose login
   * is in it is not added again. @default none
   */
  readonly import?: unknown;
  /**
   * Refuses the paths and forms that only an official skill text uses, as the documented API does. @default false
   */
  readonly strict?: boolean;
  /**
   * The security domains: host[:port] of every origin whose pages may call, without a scheme, such as
   * "localhost:5173". @default every origin may
   */
  readonly allowedOrigins?: readonly string[];
  /** Lifetimes, limits, ways to sign in, third parties. @default see EmulatorSettings */
  readonly settings?: EmulatorSettings;
  /** The API key that client credentials are granted to; both or none. @default any is accepted */
  readonly secretId?: string;
  readonly secretKey?: string;
  /** The keys that custom tickets are signed with. @default one that `customLoginKey()` hands out */
  readonly customLoginKeys?: readonly CustomLoginKey[];
}

export interface CheckedOptions {
  readonly envId: string;
  readonly port: number;
  readonly host: string;
  readonly registeredClient: { readonly id: string; readonly secret: string | undefined } | undefined;
  readonly issuer: string | undefined;
  readonly now: (() => number) | undefined;
  readonly users: readonly SeedUser[];
  readonly state: CheckedState | undefined;
  readonly strict: boolean;
  readonly allowedOrigins: readonly string[] | undefined;
  readonly settings: CheckedSettings;
  readonly apiKey: { readonly id: string; readonly secret: string } | undefined;
  readonly customLoginKeys: CustomLoginKeys;
}

/** The form that the official Node SDK accepts as a host label. */
export const isEnvId = (text: string): boolean => /^[a-z0-9_-]{1,40}$/.test(text);

/** @throws TypeError that names the option and what it may be */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  const { envId, port = 0, host = "127.0.0.1", clientId, clientSecret, issuer, now, users = [] } = options;
  const { strict = false, allowedOrigins, secretId, secretKey, customLoginKeys = [] } = options;
  if (typeof envId !== "string" || !isEnvId(envId)) {
    throw new TypeError('envId must be 1 to 40 characters of a-z, 0-9, "_" and "-", for example "demo".');
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError("port must be a whole number from 0 to 65535; 0 picks a free one.");
  }
  for (const [name, value] of Object.entries({ host, clientId, clientSecret, issuer, secretId, secretKey })) {
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    throw new TypeError(`${name} must be a string that is not empty; leave it out for the default.`);
  }
  if (clientId?.includes(":")) throw new TypeError("clientId must not contain a colon (RFC 7617 §2).");
  if (now !== undefined && typeof now !== "function") throw new TypeError("now must be a function, such as Date.now.");
  for (const [index, user] of users.entries()) checkUser(user, `users[${index}]`);
  if (typeof strict !== "boolean") throw new TypeError("strict must be true or false.");
  if (allowedOrigins !== undefined) checkOrigins(allowedOrigins);
  return {
    envId,
    port,
    host,
    registeredClient: registeredClient(envId, clientId, clientSecret),
    issuer,
    now,
    users,
    state: options.import === undefined ? undefined : parseState(options.import, envId),
    strict,
    allowedOrigins: allowedOrigins?.map((entry) => entry.toLowerCase()),
    settings: checkSettings(options.settings),
    apiKey: apiKey(secretId, secretKey),
    customLoginKeys: createCustomLoginKeys(envId, customLoginKeys),
  };
}

function registeredClient(envId: string, clientId: string | undefined, secret: string | undefined) {
  return clientId === undefined && secret === undefined ? undefined : { id: clientId ?? envId, secret };
}

function apiKey(id: string | undefined, secret: string | undefined) {
  if (id === undefined && secret === undefined) return undefined;
  if (id === undefined || secret === undefined) throw new TypeError("secretId and secretKey belong together.");
  if (id.includes(":")) throw new TypeError("secretId must not contain a colon (RFC 7617 §2).");
  return { id, secret };
}

function checkOrigins(entries: unknown): void {
  if (!Array.isArray(entries)) throw new TypeError('allowedOrigins must be an array such as ["localhost:5173"].');
  for (const entry of entries) {
    if (
      typeof entry === "string" &&
      URL.canParse(`http://${entry}`) &&
      /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i.test(entry)
    )
      continue;
    throw new TypeError(
      `allowedOrigins: ${JSON.stringify(entry)} must be host[:port] without a scheme or path, such as "localhost:5173".`,
    );
  }
}

function checkUser({ username, email, phoneNumber, status = "ACTIVE" }: SeedUser, name: string): void {
  if (!["ACTIVE", "PENDING", "BLOCKED"].includes(status)) {
    throw new TypeError(`${name}.status must be ACTIVE, PENDING or BLOCKED.`);
  }
  if (username === undefined && email === undefined && phoneNumber === undefined) {
    throw new TypeError(`${name} needs a username, an email or a phoneNumber to sign in with.`);
  }
  if (email !== undefined && !isEmail(email)) throw new TypeError(`${name}.email must be an e-mail address.`);
  if (phoneNumber !== undefined && !isPhoneNumber(phoneNumber)) {
    throw new TypeError(`${name}.phoneNumber must look like "+86 13800000000".`);
  }
}
