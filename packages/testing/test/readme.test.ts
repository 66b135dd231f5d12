import { readFileSync } from "node:fs";
import { join } from "node:path";
import { badTokens, matchers } from "@cloudbase-auth/testing";
import type { Person, TestAuth, TestAuthSettings } from "@cloudbase-auth/testing";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const readme = read("README.md");

/** The names in backticks in the first cells of a table. */
function firstColumn(head: string): readonly string[] {
  const [, rows = ""] = new RegExp(`^\\| ${head} .*\\n\\| -.*\\n((?:\\|.*\\n)*)`, "m").exec(readme) ?? [];
  const cells = rows.split("\n").map((row) => row.split(" | ", 1)[0] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

const blocks = [...readme.matchAll(/<!-- (a part of )?(\S+) -->\n\n```\w+\n(.*?)```\n/gs)];

describe("the README", () => {
  test("has only code that is run: each block is a file of a test, to the letter", () => {
    expect(blocks.map(([, , path]) => path)).toEqual([
      "../../examples/express/app.test.ts",
      "../../examples/fastify/app.test.ts",
      "test/session-guarded.test.ts",
      "test/node-test/passes.ts",
      "jest/app.test.js",
    ]);
    const fences = readme.match(/^```\w+$/gm)?.filter((fence) => fence !== "```sh"); // that one installs
    expect(fences).toHaveLength(blocks.length);
    for (const [, isPart, path = "", code = ""] of blocks) {
      const file = read(path);
      expect(isPart === undefined ? file === code : file.startsWith(code), path).toBe(true);
    }
  });

  test("has every setting, member and bad token once, and no other", () => {
    // The compiler holds these to the types.
    const settings: Readonly<Record<keyof TestAuthSettings, true>> = {
      ...{ envId: true, clientId: true, clientSecret: true, users: true, settings: true, now: true },
    };
    const members: Readonly<Record<keyof TestAuth, true>> = {
      ...{ options: true, signInAs: true, headersWith: true, issueToken: true, issueBadToken: true },
      ...{ agentAs: true, injectAs: true, advance: true, goDown: true, comeBack: true, revoke: true, emulator: true },
    };
    expect(firstColumn("setting")).toEqual(Object.keys(settings));
    const named = firstColumn("member").map((name) => name.replace(/\(.*/, ""));
    expect([...new Set(named)]).toEqual(Object.keys(members));
    expect(firstColumn("name")).toEqual(badTokens);
  });

  test("says what a person can be, and what the matchers are", () => {
    const person: Readonly<Record<keyof Person, true>> = {
      ...{ id: true, anonymous: true, name: true, email: true, phoneNumber: true, picture: true, provider: true },
      ...{ groups: true, roles: true, scopes: true, openId: true, unionId: true, claims: true },
    };
    expect(readme).toContain(`A **person** is \`{ ${Object.keys(person).join(", ")} }\``);
    for (const name of Object.keys(matchers)) expect(readme).toContain(`\`${name}\``);
  });

  test("has a reason for each dependency", () => {
    const { dependencies, peerDependencies } = JSON.parse(read("package.json")) as Readonly<Record<string, object>>;
    expect(firstColumn("package")).toEqual([
      ...Object.keys(dependencies ?? {}),
      ...Object.keys(peerDependencies ?? {}),
    ]);
  });
});
