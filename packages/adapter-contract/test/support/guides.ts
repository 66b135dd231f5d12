import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, afterEach, beforeAll } from "vitest";
import { freePort, listening, run } from "./processes.ts";
import type { Running } from "./processes.ts";

export const lihua = { username: "lihua", password: "Sentinel-1234" };

/** What tests of the guides need: an emulator where Li Hua has an account, and one file of examples/guides at a time. */
export interface GuideStage {
  readonly emulator: () => Emulator;
  /** Starts the file and answers its origin; it is stopped with the test. */
  readonly start: (name: string) => Promise<string>;
  readonly server: () => Running | undefined;
}

export function useGuides(): GuideStage {
  let emulator: Emulator | undefined;
  let server: Running | undefined;
  const theEmulator = (): Emulator => {
    if (emulator === undefined) throw new Error("the emulator is there within tests only");
    return emulator;
  };
  beforeAll(async () => {
    emulator = await createEmulator({ envId: "demo", users: [lihua] });
  });
  afterEach(async () => {
    await server?.stop("SIGTERM");
    server = undefined;
  });
  afterAll(() => emulator?.close());
  return {
    emulator: theEmulator,
    server: () => server,
    async start(name) {
      const port = String(await freePort());
      const origin = `http://127.0.0.1:${port}`;
      server = run(`examples/guides/${name}.ts`, [], {
        ...{ CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: theEmulator().endpoint },
        ...{ PORT: port, ORIGIN: origin, SESSION_SECRET: "0123456789".repeat(4) },
      });
      await listening(Number(port), server);
      return origin;
    },
  };
}

/** The answer of a request, its JSON read. */
export async function ask(
  url: string,
  init: RequestInit & { readonly token?: string } = {},
): Promise<{ readonly status: number; readonly headers: Response["headers"]; readonly body: unknown }> {
  const { token, headers, ...rest } = init;
  const all = new Headers(headers);
  if (token !== undefined) all.set("authorization", `Bearer ${token}`);
  const answer = await fetch(url, { ...rest, headers: all });
  const text = await answer.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: answer.status, headers: answer.headers, body };
}

export const post = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
