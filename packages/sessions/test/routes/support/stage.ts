import { createCloudbaseAuth, fromHeader } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorSettings, EmulatorState } from "@cloudbase-auth/emulator";
import { createSessions } from "../../../src/index.ts";
import type { BrowserSessions, SessionsOptions } from "../../../src/index.ts";
import { createVisitor } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

const origin = "https://app.example";
export const password = "Sentinel-1234";
export const lihua = { username: "lihua", email: "lihua@example.com", phoneNumber: "+86 13800000000" };
/** Has no password. */
export const wang = { email: "wang@example.com" };
export const newcomer = "new@example.com";
const secret = "0123456789abcdefghijklmnopqrstuvwxyz";

/** One emulator, and what a test makes of it. */
export interface Stage {
  readonly emulator: Emulator;
  readonly auth: CloudbaseAuth;
  readonly createSessions: (options?: Partial<SessionsOptions>) => BrowserSessions;
  /** Another browser, without a cookie. */
  readonly visitor: (sessions?: BrowserSessions) => Visitor;
  /** What was sent there last. */
  readonly codeFor: (to: string) => string;
  /** The paths that the Auth API was asked, without what they have in common. */
  readonly asked: () => readonly string[];
}

export interface Stages {
  /** Everything that was done before is forgotten. */
  readonly open: (settings?: EmulatorSettings, options?: Partial<SessionsOptions>) => Promise<Stage>;
  readonly close: () => Promise<void>;
}

const usual: EmulatorSettings = {
  smsIntervalSeconds: 30,
  providers: [{ id: "demo_provider" }, { id: "other_provider" }],
};
const startsAt = Date.UTC(2026, 0, 1);

const users = [
  { ...lihua, password, name: "Li Hua" },
  wang,
  { username: "blocked", password, status: "BLOCKED" as const },
];

export function createStages(): Stages {
  const emulators = new Map<string, Promise<Emulator>>();
  const closing: (() => Promise<void>)[] = [];
  let beginning: Promise<EmulatorState> | undefined;

  /** Keys and password hashes take time to make: they are made once. */
  async function start(settings: EmulatorSettings): Promise<Emulator> {
    if (beginning !== undefined)
      return createEmulator({ envId: "demo", import: await beginning, settings: { ...usual, ...settings } });
    const first = createEmulator({ envId: "demo", users, settings: { ...usual, ...settings } });
    beginning = first.then((emulator) => emulator.export());
    return first;
  }

  return {
    async open(settings = {}, defaults = {}) {
      const key = JSON.stringify(settings);
      const starting = emulators.get(key) ?? start(settings);
      emulators.set(key, starting);
      const emulator = await starting;
      await emulator.reset();
      emulator.clock.set(startsAt);
      const now = (): number => emulator.clock.now();
      const auth = createCloudbaseAuth({
        ...{ envId: "demo", endpoint: emulator.endpoint, now, credentials: [fromHeader()], locale: "auto" as const },
        onWarning: () => {},
      });
      closing.push(() => auth.close());
      const create = (options: Partial<SessionsOptions> = {}) =>
        createSessions({ auth, secret, origin, now, ...defaults, ...options });
      const shared = create();
      return {
        ...{ emulator, auth, createSessions: create },
        visitor: (sessions = shared) => createVisitor(sessions),
        codeFor: (to) => emulator.inbox.latest(to) ?? "none was sent",
        asked: () => emulator.requests.entries().map(({ method, path }) => `${method} ${path.replace("/auth/v1", "")}`),
      };
    },
    async close() {
      for (const close of closing) await close();
      for (const emulator of emulators.values()) await (await emulator).close();
    },
  };
}
