import { once } from "node:events";
import { expect, it } from "vitest";
import { commandLine, launch, run } from "./support/command.ts";
import { variablesFor } from "./support/stage.ts";
import { ctrlC, inTerminal } from "./support/terminal.ts";

const flags = ["emulator", "--env", "demo", "--port", "0"];

it("starts the emulator in the terminal; doctor finds it well; Ctrl-C ends both", async () => {
  const emulator = inTerminal(flags);
  await emulator.shows(/Ctrl-C stops it\./);
  const endpoint = /CLOUDBASE_AUTH_ENDPOINT=(\S+)/.exec(emulator.text())?.[1] ?? "";
  const doctor = inTerminal(["doctor"], variablesFor(endpoint));
  expect(await doctor.exit).toBe(0);
  expect(doctor.screen()).toMatch(/\nAll is well\. /);
  emulator.type(ctrlC);
  expect(await emulator.exit).toBe(0);
  await expect(fetch(endpoint)).rejects.toThrow("fetch failed");
});

it("SIGTERM ends the emulator with it", async () => {
  const [node, ...rest] = commandLine;
  const child = launch(node, [...rest, ...flags], {});
  let out = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  while (!out.includes("Ctrl-C stops it.")) await once(child.stdout ?? child, "data");
  const endpoint = /CLOUDBASE_AUTH_ENDPOINT=(\S+)/.exec(out)?.[1] ?? "";
  child.kill("SIGTERM");
  await once(child, "close");
  expect(child.exitCode).toBe(0);
  await expect(fetch(endpoint)).rejects.toThrow("fetch failed");
});

it("its own options and exit code are the emulator's", async () => {
  const help = await run(["emulator", "--help"]);
  expect(help.out).toContain("Usage: cloudbase-auth-emulator [options]");
  const wrong = await run(["emulator", "--env", "No Label"]);
  expect(wrong.err).toContain("Give 1 to 40 characters of a-z, 0-9, _ and -.");
  expect(wrong.code).toBe(1);
});
