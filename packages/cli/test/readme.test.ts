import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/exit-codes.ts";
import { createProgram } from "../src/program.ts";
import { exampleOutputs, lasting } from "./support/examples.ts";
import { openEmulator } from "./support/stage.ts";

const readText = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
const readme = readText("README.md");
const manifest: unknown = JSON.parse(readText("package.json"));

/** What stands in README.md below a line that is typed. */
function shownBelow(line: string): string | undefined {
  const [, after] = readme.split(`\n$ ${line}\n`);
  return after?.split("\n```", 1)[0];
}

describe("README.md", () => {
  it("shows what the command really prints", async () => {
    const emulator = await openEmulator({ clientId: "backend", clientSecret: "the new one" });
    for (const [line, output] of await exampleOutputs(emulator)) {
      expect(lasting(shownBelow(line) ?? "(nothing)"), line).toBe(lasting(output));
    }
  });

  it("names every command, every dependency and every exit code", () => {
    const { dependencies, peerDependencies } = manifest as Readonly<Record<string, Readonly<Record<string, string>>>>;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) expect(readme).toContain(`| \`${name}\``);
    const commands = createProgram().commands.flatMap((command) =>
      command.commands.length > 0 ? command.commands.map((inner) => `login ${inner.name()}`) : command.name(),
    );
    for (const name of commands.filter((each) => each !== "describe-routes")) expect(readme).toContain(`| \`${name}`);
    for (const code of Object.values(exitCodes)) expect(readme).toMatch(new RegExp(`^\\| ${String(code)} +\\|`, "m"));
  });
});

it("the package is a command, and has no other door", () => {
  expect(manifest).toMatchObject({
    bin: { "cloudbase-auth": "./dist/command.js" },
    exports: { "./package.json": "./package.json" },
  });
  expect(createProgram().commands.map((command) => command.name())).toMatchInlineSnapshot(`
    [
      "doctor",
      "explain",
      "routes",
      "login",
      "whoami",
      "refresh",
      "introspect",
      "revoke",
      "emulator",
      "describe-routes",
    ]
  `);
});
