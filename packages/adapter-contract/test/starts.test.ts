import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createEmulator } from "@cloudbase-auth/emulator";
import { expect, it } from "vitest";
import { readBlocks } from "./support/markdown-blocks.ts";
import { freePort, listening, run } from "./support/processes.ts";

/** The blocks with curl of a start, which are to be run as they are. */
function curlsOf(page: string): string {
  const blocks = readBlocks().filter(({ place, language }) => place.startsWith(page) && language === "sh");
  return blocks.find(({ code }) => code.includes("curl"))?.code ?? "";
}

it.each(["express", "koa", "fastify"])("what the start of %s has one ask is answered as it says", async (framework) => {
  const script = curlsOf(`packages/docs/start/${framework}.md`);
  expect(script.split("\n").length).toBeGreaterThan(3);
  expect(curlsOf(`packages/docs/zh/start/${framework}.md`)).toBe(script);

  const emulator = await createEmulator({ envId: "demo" });
  const port = String(await freePort());
  const variables = { CLOUDBASE_ENV_ID: "demo", CLOUDBASE_AUTH_ENDPOINT: emulator.endpoint, PORT: port };
  const server = run(`examples/${framework}/quick-start.ts`, [], variables);
  try {
    await listening(Number(port), server);
    const here = script
      .replaceAll("http://127.0.0.1:9320", emulator.endpoint)
      .replaceAll("127.0.0.1:3000", `127.0.0.1:${port}`);
    const { stdout } = await promisify(execFile)("bash", ["-euc", here], { encoding: "utf8" });
    expect(stdout.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 401", "HTTP/1.1 200", "HTTP/1.1 401"]);
    const [first, second, third] = stdout.split(/(?=HTTP\/1\.1 )/);
    expect(first).toContain('"code":"missing_token"');
    expect(second).toContain('"name":"Li Hua"');
    expect(third).toContain('"code":"invalid_token"');
  } finally {
    await server.stop("SIGTERM");
    await emulator.close();
  }
});
