import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorOptions, EmulatorState } from "@cloudbase-auth/emulator";
import { createAuthClient } from "../../../src/index.ts";
import type { AuthClient, AuthClientOptions } from "../../../src/index.ts";
import "../../support/no-network.ts";

/** Everything secret has this word in it, so that a test can look for it where it must not be. */
export const password = "Sentinel-1234";
export const clientId = "my-app";
const clientSecret = "sentinel-client-secret";
export const apiKey = { secretId: "AKID1", secretKey: "sentinel-secret-key" };

/** The users that are there from the start. Lihua has everything, Wang no password. */
export const lihua = { username: "lihua", email: "lihua@example.com", phoneNumber: "+86 13800000000" };
export const wang = { phoneNumber: "+86 13800000001" };

const options: EmulatorOptions = {
  envId: "demo",
  clientId,
  clientSecret,
  ...apiKey,
  users: [
    { ...lihua, password, name: "Li Hua", groups: ["admin"] },
    wang,
    { username: "blocked", password, status: "BLOCKED" },
    { username: "pending", password, status: "PENDING" },
  ],
};

/** Every way to sign in that can be switched off is. */
export const methodsOff = {
  settings: { loginMethods: { anonymous: false, password: false, phone: false, email: false, custom: false } },
};

export const dialects = ["documented", "skill"] as const;
export type Dialect = (typeof dialects)[number];

/** What one case plays on: an emulator at its beginning, and a client of it. */
export interface Scene {
  readonly emulator: Emulator;
  readonly dialect: Dialect;
  readonly client: AuthClient;
  /** Another client of the same emulator; closed with the stage. */
  readonly createClient: (options?: AuthClientOptions) => AuthClient;
}

/** One emulator a set of options, kept for all cases of a test file. */
export interface Stages {
  /** Everything that was done before is forgotten. */
  open(dialect: Dialect, options?: Partial<EmulatorOptions>): Promise<Scene>;
  close(): Promise<void>;
}

export function createStages(): Stages {
  const emulators = new Map<string, Promise<Emulator>>();
  const clients: AuthClient[] = [];
  let beginning: Promise<EmulatorState> | undefined;

  /** Keys and password hashes take time to make: they are made once. */
  async function start(changes: Partial<EmulatorOptions>): Promise<Emulator> {
    beginning ??= createEmulator(options).then(async (first) => {
      await first.close();
      return first.export();
    });
    return createEmulator({ ...options, import: await beginning, users: [], ...changes });
  }

  return {
    async open(dialect, changes = {}) {
      const key = JSON.stringify(changes);
      const starting = emulators.get(key) ?? start(changes);
      emulators.set(key, starting);
      const emulator = await starting;
      await emulator.reset();
      const createClient = (further: AuthClientOptions = {}): AuthClient => {
        const { endpoint } = emulator;
        const client = createAuthClient({ envId: "demo", endpoint, clientId, clientSecret, dialect, ...further });
        clients.push(client);
        return client;
      };
      return { emulator, dialect, client: createClient({ deviceId: "device-1" }), createClient };
    },
    async close() {
      for (const client of clients) await client.close();
      for (const emulator of emulators.values()) await (await emulator).close();
    },
  };
}
