import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBlocks } from "./support/markdown-blocks.ts";
import { root, run } from "./support/processes.ts";

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

const manifests = globSync(["package.json", "packages/*/package.json", "examples/*/package.json"], { cwd: root }).map(
  (file) => JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest,
);
const lockfile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
const sources = globSync("packages/*/src/**/*.ts", { cwd: root })
  .map((file) => readFileSync(join(root, file), "utf8"))
  .join("\n");
const optionsOfPnpm = [
  "--yes",
  "--filter",
  "--dir",
  "--ignore-workspace",
  "--frozen-lockfile",
  "--save-dev",
  "--config",
];

/** The commands of every block of shell, without variables in front; of what a terminal shows, those behind `$`. */
const commands = readBlocks()
  .filter(({ language }) => language === "sh" || language === "console")
  .flatMap(({ place, language, code }) => {
    const typed = language === "sh" ? /^(.+)$/gm : /^\$ (.+)$/gm;
    return [...code.matchAll(typed)].map(([, line = ""]) => ({ place, line: line.replace(/(^|\s)#\s.*$/, "").trim() }));
  })
  .filter(({ line }) => line !== "")
  .map(({ place, line }) => ({ place, line: line.replace(/^(?:[A-Z_]+=(?:<[^>]*>|\S+) )+/, "") }));

const flagsOf = (line: string): readonly string[] =>
  [...line.matchAll(/ (--[a-z][\w-]*)/g)].map(([, flag = ""]) => flag);

/** What is wrong with a command, or nothing. */
async function complaintAbout(line: string): Promise<string | undefined> {
  const [program = "", ...words] = line.replace(/^npx (?!--yes pnpm)/, "").split(" ");
  if (program === "npx") return complaintAboutPnpm(words.slice(2));
  if (program === "npm" || program === "pnpm") {
    const missing = words
      .slice(1)
      .filter((word) => !word.startsWith("-") && !isPackage(word.replace(/(?<=.)@.*$/, "")));
    return missing.length === 0 ? undefined : `no package ${missing.join(", ")}`;
  }
  if (program === "cloudbase-auth-emulator")
    return missingFlags(line, await helpOf("packages/emulator/src/command.ts", []));
  if (program === "cloudbase-auth") return complaintAboutCli(line, words);
  if (program === "export") {
    const [name = ""] = words.join(" ").split("=");
    return /^[A-Z_]+$/.test(name) && new RegExp(`\\b${name}\\b`).test(sources) ? undefined : `nothing reads ${name}`;
  }
  const isKnown = ["openssl", "curl", "node", "git", "cd"].includes(program) || line.startsWith("token=$(curl ");
  return isKnown ? undefined : `nothing checks ${program}`;
}

function complaintAboutPnpm(words: readonly string[]): string | undefined {
  const script = words.find(
    (word, index) => !word.startsWith("-") && !["--filter", "--dir"].includes(words[index - 1] ?? ""),
  );
  const before = words.slice(0, words.indexOf(script ?? ""));
  const strange = before.filter(
    (word) => word.startsWith("-") && !optionsOfPnpm.includes(word.split(/[.=]/, 1)[0] ?? ""),
  );
  if (strange.length > 0) return `no option ${strange.join(", ")} of pnpm`;
  const [filter, folder] = ["--filter", "--dir"].map((option) => before[before.indexOf(option) + 1]);
  if (before.includes("--dir") && !existsSync(join(root, folder ?? ""))) return `no folder ${String(folder)}`;
  const name = before.includes("--filter") ? filter : "cloudbase-auth";
  const manifest = manifests.find((each) => each.name === name);
  if (manifest === undefined) return `no package ${String(name)}`;
  const own = script === "run" ? words[words.indexOf("run") + 1] : script;
  const isPnpms = own === "install" || own === "exec";
  return isPnpms || manifest.scripts?.[own ?? ""] !== undefined
    ? undefined
    : `no script ${String(own)} of ${String(name)}`;
}

/** The words in front of the first flag are commands, and an argument of theirs. */
async function complaintAboutCli(line: string, words: readonly string[]): Promise<string | undefined> {
  const end = words.findIndex((word) => !/^[a-z]+$/.test(word));
  const names = end === -1 ? words : words.slice(0, end);
  const help = await helpOf("packages/cli/src/command.ts", names);
  const isThere =
    names.length === 0 || help.startsWith(`Usage: cloudbase-auth ${names.join(" ")}`) || names[0] === "emulator";
  return isThere ? missingFlags(line, help) : `no command ${names.join(" ")}`;
}

function isPackage(name: string): boolean {
  return (
    manifests.some((manifest) => manifest.name === name) ||
    lockfile.includes(`\n  ${name.startsWith("@") ? `'${name}` : name}@`)
  );
}

const helps = new Map<string, Promise<string>>();

/** What `--help` says; asked once, however many lines want to know. */
function helpOf(file: string, words: readonly string[]): Promise<string> {
  const key = [file, ...words].join(" ");
  const known = helps.get(key);
  if (known !== undefined) return known;
  const help = run(file, [...words, "--help"]);
  const said = help.exit.then((code) => {
    expect([key, code]).toEqual([key, 0]);
    return help.stdout();
  });
  helps.set(key, said);
  return said;
}

function missingFlags(line: string, help: string): string | undefined {
  const missing = flagsOf(line).filter((flag) => !help.includes(flag));
  return missing.length === 0 ? undefined : `no flag ${missing.join(", ")}`;
}

describe("every command on every page", () => {
  it("is one that there is, with flags that there are", async () => {
    expect(commands.length).toBeGreaterThan(40);
    const found = await Promise.all(
      commands.map(async ({ place, line }) => ({ place, line, complaint: await complaintAbout(line) })),
    );
    expect(found.filter(({ complaint }) => complaint !== undefined)).toEqual([]);
  });
});
