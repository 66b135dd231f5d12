import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorSettings } from "@cloudbase-auth/emulator";
import { startRecorder } from "./recorder.ts";
import type { Recorder } from "./recorder.ts";

export const frameworks = ["express", "koa", "fastify"] as const;
export type Framework = (typeof frameworks)[number];

export const lihua = { username: "lihua", email: "lihua@example.com", password: "Sentinel-1234", name: "Li Hua" };

/** One server of the example on an emulator of its own. */
export interface Stage {
  readonly emulator: Emulator;
  /** Between the server and the emulator. */
  readonly recorder: Recorder;
  readonly url: string;
  /** What the server printed. */
  readonly output: () => string;
  /** Sets the clocks of the server and the emulator so far ahead. */
  readonly setAhead: (seconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const example = new URL("../..", import.meta.url).pathname;

export async function openStage(
  framework: Framework,
  { settings = {}, variables = {} }: { settings?: EmulatorSettings; variables?: Record<string, string> } = {},
): Promise<Stage> {
  const recorder = await startRecorder();
  const emulator = await createEmulator({ envId: "demo", issuer: recorder.url, users: [lihua], settings });
  recorder.passOnTo(emulator.endpoint);
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["--conditions=@cloudbase-auth/source", `--import=${import.meta.dirname}/clock.ts`, `${framework}.ts`],
    {
      cwd: example,
      env: {
        ...withoutOurs(),
        ...{ PORT: String(port), CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: recorder.url },
        ...{ SIGN_IN_PROVIDERS: "demo_provider", SESSION_SECRET: "0123456789abcdefghijklmnopqrstuvwxyz", ...variables },
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  let output = "";
  const ended = once(child, "close");
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout === null) return;
    createInterface(child.stdout).on("line", (line) => {
      output += `${line}\n`;
      const address = /http:\/\/\S+/.exec(line)?.[0];
      if (address !== undefined) resolve(address);
    });
    void ended.then(() => reject(new Error(`${framework}.ts has ended: ${output}`)));
  });
  return {
    ...{ emulator, recorder, url },
    output: () => output,
    async setAhead(seconds) {
      emulator.clock.reset();
      emulator.clock.advance(seconds);
      const moved = once(child, "message");
      child.send(seconds);
      await moved;
    },
    async close() {
      child.kill("SIGTERM");
      await ended;
      recorder.close();
      await emulator.close();
    },
  };
}

/** The variables of this machine without ours, so that a developer's own settings change no test. */
function withoutOurs(): NodeJS.ProcessEnv {
  const own =
    /^(?:CLOUDBASE_|NODE_ENV$|NODE_OPTIONS$|ORIGIN$|HOST$|PORT$|REDIS_URL$|SESSION_SECRET$|SIGN_IN_PROVIDERS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** `ORIGIN` has to be known before the server listens, so port 0 is no choice. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  return address.port;
}
