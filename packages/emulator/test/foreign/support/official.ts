import "./offline.ts";
import cloudbase from "@cloudbase/js-sdk";
import { CloudbaseOAuth } from "@cloudbase/oauth";
import type { Auth, AuthOptions } from "@cloudbase/oauth";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorSettings } from "@cloudbase-auth/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { counted, untyped } from "./calls.ts";
import { listenIn } from "./wire.ts";
import type { Wire } from "./wire.ts";

export const lihua = {
  username: "lihua",
  password: "Secret-123",
  email: "lihua@example.com",
  phoneNumber: "+86 13800000000",
  name: "Li Hua",
  groups: ["admin"],
} as const;

type JsSdk = ReturnType<typeof createJsSdk>;

/** The emulator, and clients of the official SDK that take it for the real service. */
export interface Official {
  readonly emulator: Emulator;
  readonly wire: Wire;
  /** A new client of @cloudbase/oauth: another device, nobody signed in. */
  readonly oauth: (options?: Partial<AuthOptions>) => Auth;
  /** The same of @cloudbase/js-sdk. */
  readonly jsSdk: () => JsSdk;
  /** One that keeps its session where js-sdk puts it by itself. */
  readonly jsSdkAsItIs: () => JsSdk;
  /** Time passes, for the SDK as for the emulator. */
  readonly later: (seconds: number) => void;
}

/** One emulator for the tests of a `describe`, as new for each of them. */
export function official(settings: EmulatorSettings = {}): () => Official {
  let emulator: Emulator;
  let wire: Wire;
  let ready: Official | undefined;
  beforeAll(async () => {
    emulator = await createEmulator({ envId: "demo", users: [lihua], settings });
    wire = await listenIn(emulator);
    ready = {
      emulator,
      wire,
      oauth: (options) => counted("oauth", createOAuth(wire, options).authApi),
      jsSdk: () => createJsSdk(wire, createStorage()),
      jsSdkAsItIs: () => createJsSdk(wire, undefined),
      later(seconds) {
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
        emulator.clock.set(Date.now());
      },
    };
  });
  beforeEach(async () => {
    await emulator.reset();
    emulator.clock.reset();
    emulator.requests.clear();
    wire.take();
    wire.lines();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    // Everything that the SDK sent came to the emulator, and nothing else did.
    const arrived = emulator.requests.entries().map(({ method, path }) => `${method} ${path}`);
    expect(arrived.toSorted()).toEqual(wire.lines().toSorted());
  });
  afterAll(async () => {
    await wire.close();
    await emulator.close();
  });
  return () => {
    expect(ready).toBeDefined();
    return ready as Official;
  };
}

/** The second between two attempts of the SDK is over at once; @returns how many of them there were, so far */
export function withoutWaiting(): () => number {
  const { setTimeout } = globalThis;
  let seconds = 0;
  vi.stubGlobal("setTimeout", (run: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => {
    if (ms === 1000) seconds += 1;
    return setTimeout(run, ms === 1000 ? 0 : ms, ...values);
  });
  return () => seconds;
}

function createOAuth(wire: Wire, options: Partial<AuthOptions> = {}): CloudbaseOAuth {
  return new CloudbaseOAuth({
    apiOrigin: wire.endpoint,
    clientId: "demo",
    env: "demo",
    storage: createStorage(),
    ...options,
  });
}

function createJsSdk({ endpoint }: Wire, storage: AuthOptions["storage"]) {
  const app = cloudbase.init({ env: "demo" });
  for (const key of ["CLOUD_API", "GATEWAY"] as const) {
    app.registerEndPointWithKey({ key, url: endpoint.replace("http:", ""), protocol: "http" });
  }
  // Without a storage of their own, all apps of an environment in one process have one session.
  const options = { persistence: "none", ...(storage && { storage }) } as const;
  return untyped(counted("js-sdk", app.auth(options)), [
    "bindEmail",
    "bindPhoneNumber",
    "deleteUser",
    "getAccessToken",
    "getClaims",
    "getLoginState",
    "getSession",
    "getUser",
    "getUserIdentities",
    "isUsernameRegistered",
    "onAuthStateChange",
    "reauthenticate",
    "refreshSession",
    "refreshUser",
    "resend",
    "resetPasswordForEmail",
    "resetPasswordForOld",
    "setSession",
    "signInAnonymously",
    "signInWithCustomTicket",
    "signInWithIdToken",
    "signInWithOtp",
    "signInWithPassword",
    "signOut",
    "signUp",
    "unlinkIdentity",
    "updateUser",
    "verifyOtp",
  ]);
}

/** What a browser's localStorage is to the SDK. */
function createStorage(): NonNullable<AuthOptions["storage"]> {
  const items = new Map<string, string>();
  const getItemSync = (key: string): string | null => items.get(key) ?? null;
  return {
    getItem: async (key) => getItemSync(key),
    getItemSync,
    setItem: async (key, value) => void items.set(key, value),
    setItemSync: (key, value) => void items.set(key, value),
    removeItem: async (key) => void items.delete(key),
    removeItemSync: (key) => void items.delete(key),
  };
}
