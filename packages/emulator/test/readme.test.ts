import { readFileSync } from "node:fs";
import { createEmulator, endpointNames } from "@cloudbase-auth/emulator";
import type { EmulatorOptions, EmulatorSettings } from "@cloudbase-auth/emulator";
import { describe, expect, it } from "vitest";
import { command } from "./support/command.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

function section(heading: string): string {
  const [, after = ""] = readme.split(`## ${heading}\n`);
  return after.split("\n## ", 1)[0] ?? "";
}

/** The names in backticks in the first cells of the table whose head begins so. */
function firstColumn(text: string, head: string): readonly string[] {
  const table = new RegExp(`^\\| ${head} .*\\n\\| -.*\\n((?:\\|.*\\n)*)`, "m").exec(text)?.[1] ?? "";
  const cells = table.split("\n").map((row) => row.split(" | ", 1)[0] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

// The compiler holds these to the types.
const options: Readonly<Record<keyof EmulatorOptions, "flag" | "library">> = {
  envId: "flag",
  port: "flag",
  host: "flag",
  clientId: "flag",
  clientSecret: "flag",
  issuer: "flag",
  now: "library",
  users: "library",
  import: "flag",
  strict: "flag",
  settings: "library",
  secretId: "library",
  secretKey: "library",
  customLoginKeys: "library",
  allowedOrigins: "flag",
};
const settings: Readonly<Record<keyof EmulatorSettings, true>> = {
  accessTokenSeconds: true,
  refreshTokenSeconds: true,
  maxSessions: true,
  refreshPolicy: true,
  anonymousRefreshToken: true,
  passwordAttempts: true,
  lockSeconds: true,
  captchaAfter: true,
  captchaForCodes: true,
  smsIntervalSeconds: true,
  smsPerDay: true,
  codeAttempts: true,
  sudoNeedsCode: true,
  loginMethods: true,
  providers: true,
};

describe("the README", () => {
  it("has every option and every setting once, and no other", () => {
    expect(firstColumn(section("As a library"), "Option").toSorted()).toEqual(Object.keys(options).toSorted());
    expect(firstColumn(section("Settings"), "Setting").toSorted()).toEqual(Object.keys(settings).toSorted());
  });

  it("has every member of an emulator", async () => {
    const emulator = await createEmulator({ envId: "demo" });
    const named = firstColumn(section("As a library"), "Member").map((code) => code.split(/[.(]/, 1)[0]);
    expect(new Set(named.filter((name) => name !== ""))).toEqual(new Set(Object.keys(emulator)));
    await emulator.close();
  });

  it("has every endpoint once, and no other", () => {
    let method = "";
    const listed = firstColumn(section("Endpoints"), "Method").map((code) => {
      const [first = "", second] = code.split(" ");
      if (second !== undefined) method = first;
      return `${method} /auth/v1${second ?? first}`.replaceAll(/\{(\w+)\}/g, ":$1");
    });
    expect(listed.toSorted()).toEqual(endpointNames.toSorted());
  });

  it("has every flag of --help, and says what has none", async () => {
    const help = command("--help");
    expect(await help.exit).toBe(0);
    const flags = [...help.out().matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag = ""]) => flag);
    const listed = firstColumn(section("As a command"), "Flag").map((code) => code.split(" ", 1)[0] ?? "");
    expect(listed.toSorted()).toEqual(flags.toSorted());
    const [, sentence = ""] = /^What has no flag is for the library only: ([^.]*)\./m.exec(readme) ?? [];
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    const library = Object.entries(options).flatMap(([name, where]) => (where === "library" ? [name] : []));
    expect(named.toSorted()).toEqual(library.toSorted());
  });
});
