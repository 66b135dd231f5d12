import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createServer } from "node:net";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";

/** What keeps the stage from opening, in one sentence for the person at the terminal. */
export class StageError extends Error {
  override readonly name = "StageError";
}

export interface ExampleServer {
  readonly name: "Express" | "Koa" | "Fastify" | "page";
  readonly url: string;
}

export interface Stage {
  readonly emulator: Emulator;
  /** Another environment, whose tokens none of the servers may take. */
  readonly otherEmulator: Emulator;
  readonly servers: readonly ExampleServer[];
  /** A page to sign in with, in a browser. */
  readonly pageUrl: string;
  /** Resolves with a sentence if one of the servers ends by itself. */
  readonly died: Promise<string>;
  readonly curlLines: () => readonly string[];
  readonly close: () => Promise<void>;
}

interface Ports {
  readonly emulatorPort: number;
  readonly expressPort: number;
  readonly koaPort: number;
  readonly fastifyPort: number;
  readonly pagePort: number;
}

/** The account of the tour; the emulator forgets it when it stops. */
export const person = {
  phoneNumber: "+86 13800000000",
  username: "lihua",
  password: "Tour-password-1",
  name: "Li Hua",
};

/** Starts the emulator in this process and each example server in one of its own, as a person would run them. */
export async function openStage(ports: Ports): Promise<Stage> {
  const emulator = await createEmulator({ envId: "demo", port: ports.emulatorPort }).catch((error: unknown) => {
    throw new StageError(`The emulator: ${sentenceOf(error)} Its port is set with --emulator-port.`, { cause: error });
  });
  const otherEmulator = await createEmulator({ envId: "other", port: 0 });
  const launched = [
    launch("Express", "express/server.ts", ports.expressPort, emulator.endpoint),
    launch("Koa", "koa/server.ts", ports.koaPort, emulator.endpoint),
    launch("Fastify", "fastify/server.ts", ports.fastifyPort, emulator.endpoint),
  ];
  const page = launch("page", "web/express.ts", await portOf(ports.pagePort), emulator.endpoint);
  const close = async (): Promise<void> => {
    await Promise.all([...launched, page].map(({ child }) => stop(child)));
    await Promise.all([emulator.close(), otherEmulator.close()]);
  };
  try {
    const [servers, { url: pageUrl }] = await Promise.all([
      Promise.all(launched.map(({ listening }) => listening)),
      page.listening,
    ]);
    const died = Promise.race([...launched, page].map(({ ended }) => ended));
    const lines = () => curlLines(emulator, servers);
    return { emulator, otherEmulator, servers, pageUrl, died, close, curlLines: lines };
  } catch (error) {
    await close();
    throw error;
  }
}

function launch(name: ExampleServer["name"], file: string, port: number, endpoint: string) {
  const child = spawn(
    process.execPath,
    ["--conditions=@cloudbase-auth/source", "--import=./follow-parent.ts", `../${file}`],
    {
      cwd: import.meta.dirname,
      env: {
        ...process.env,
        ...{ PORT: String(port), CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: endpoint },
        SIGN_IN_PROVIDERS: "demo_provider",
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)));
  const ended = once(child, "close").then(() => `The ${name} server has ended. ${complaint.trim()}`.trim());
  const listening = new Promise<ExampleServer>((resolve, reject) => {
    if (child.stdout !== null) {
      createInterface(child.stdout).on("line", (line) => {
        const url = /http:\/\/\S+/.exec(line)?.[0];
        if (url !== undefined) resolve({ name, url });
      });
    }
    void ended.then((sentence) => {
      const taken = complaint.includes("EADDRINUSE");
      reject(
        new StageError(taken ? `Port ${port} is taken; choose another with --${name.toLowerCase()}-port.` : sentence),
      );
    });
  });
  return { child, listening, ended };
}

/** The page has to know its own origin before it listens. */
async function portOf(wanted: number): Promise<number> {
  if (wanted !== 0) return wanted;
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : wanted;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  // A server that does not go is made to: nothing may be left behind.
  const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await exited;
  clearTimeout(timer);
}

function curlLines(emulator: Emulator, servers: readonly ExampleServer[]): readonly string[] {
  const { username, password } = person;
  return [
    `token=$(curl -s ${emulator.endpoint}/auth/v1/signin --data-raw '{"username":"${username}","password":"${password}"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    ...servers.map(({ url }) => `curl -iw '\\n' ${url}/me -H "Authorization: Bearer $token"`),
    `curl -iw '\\n' ${servers[0]?.url ?? ""}/admin -H "Authorization: Bearer $token"`,
    `curl -iw '\\n' ${servers[0]?.url ?? ""}/me`,
  ];
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
