import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { productionDependenciesOf, publicPackages, readManifest, recordOf } from "./support/packages.ts";
import { root } from "./support/processes.ts";

const packages = publicPackages();
const names = packages.map(([, manifest]) => String(manifest["name"]));

/** Those that ask nothing of a user but to keep the notice. */
const licenses = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "(MIT OR CC0-1.0)",
];
/** What a package manager runs when somebody installs. */
const installScripts = ["preinstall", "install", "postinstall", "prepare"];

test("all public packages have one version", () => {
  expect(packages.length).toBeGreaterThan(6);
  expect(new Set(packages.map(([, { version }]) => version)).size).toBe(1);
});

describe.for(packages)("packages/%s/package.json", ([name, manifest]) => {
  test("says what it is, whose, and for which Node", () => {
    expect(manifest).toMatchObject({
      name: `@cloudbase-auth/${name}`,
      license: "MIT",
      type: "module",
      engines: { node: ">=22.19.0" },
      publishConfig: { access: "public", provenance: true },
    });
    expect(manifest["description"]).toMatch(/^.{20,120}$/);
    expect(manifest["keywords"]).toEqual(expect.arrayContaining(["cloudbase", "authentication"]));
    // A list names the few modules that are imported for what they do.
    expect(manifest["sideEffects"] === false || Array.isArray(manifest["sideEffects"])).toBe(true);
    expect(manifest["files"]).toEqual(expect.arrayContaining(["dist", "src", "CHANGELOG.md"]));
  });

  test("runs nothing when it is installed, nor does what comes with it", () => {
    const all = [["itself", manifest] as const, ...productionDependenciesOf(join(root, "packages", name))];
    const scripts = all.flatMap(([of, { scripts: own }]) =>
      Object.keys(recordOf(own)).flatMap((script) =>
        // `prepare` of a dependency is for its authors: nobody runs it who installs from a registry.
        installScripts.includes(script) && !(of !== "itself" && script === "prepare") ? [`${of}: ${script}`] : [],
      ),
    );
    expect(scripts).toEqual([]);
  });

  test("brings nothing whose license is not on the list", () => {
    const dependencies = [...productionDependenciesOf(join(root, "packages", name))];
    expect(dependencies.length).toBeGreaterThan(0);
    const others = dependencies.filter(([, { license }]) => !licenses.includes(String(license)));
    expect(others.map(([of, { license }]) => `${of}: ${String(license)}`)).toEqual([]);
  });

  test("has a change log whose first entry is this version", () => {
    const log = readFileSync(join(root, "packages", name, "CHANGELOG.md"), "utf8");
    expect(log).toMatch(new RegExp(`^# @cloudbase-auth/${name}\n\n## ${String(manifest["version"])}\n`));
  });

  test("has each door pinned by test/exports.test.ts", () => {
    const doors = Object.keys(recordOf(manifest["exports"])).filter((door) => door !== "./package.json");
    // Those that are there for what they do, not for what they export, are named as such.
    const acting = JSON.stringify(manifest["sideEffects"]);
    const pinned = doors.filter((door) => !acting.includes(`./dist${door.slice(1)}.js`));
    const text = pinned.length === 0 ? "" : readFileSync(join(root, "packages", name, "test/exports.test.ts"), "utf8");
    const specifiers = pinned.map((door) => `"@cloudbase-auth/${name}${door.slice(1)}"`);
    expect(specifiers.filter((specifier) => !text.includes(specifier))).toEqual([]);
    expect(text.match(/toMatchInlineSnapshot\(`/g) ?? []).toHaveLength(pinned.length);
  });
});

test("changesets raise all public packages together", () => {
  const config: unknown = JSON.parse(readFileSync(join(root, ".changeset/config.json"), "utf8"));
  expect(config).toMatchObject({ fixed: [names], access: "public", baseBranch: "main" });
});

test("every changeset that waits names public packages, and says something", () => {
  const files = readdirSync(join(root, ".changeset")).filter((file) => file.endsWith(".md") && file !== "README.md");
  for (const file of files) {
    const text = readFileSync(join(root, ".changeset", file), "utf8");
    const [, head = "", body = ""] = /^---\n(.*?)---\n(.*)$/s.exec(text) ?? [];
    const named = [...head.matchAll(/^"(.+)": (?:patch|minor|major)$/gm)].map(([, name]) => name);
    expect({ file, named }).toEqual({ file, named: named.filter((name) => names.includes(String(name))) });
    expect({ file, length: body.trim().length > 20, count: named.length > 0 }).toEqual({
      file,
      length: true,
      count: true,
    });
  }
});

test("the private packages say that they are", () => {
  const rest = readdirSync(join(root, "packages")).filter((name) => !packages.some(([one]) => one === name));
  expect(rest.map((name) => readManifest(join(root, "packages", name))["private"])).toEqual(rest.map(() => true));
});
