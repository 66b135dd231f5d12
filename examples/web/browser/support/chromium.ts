import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    chromium: string;
  }
}

const names = ["chromium-headless-shell", "chromium", "google-chrome"];
/** The browser, and letters for the Chinese screenshots. */
const packages = ["chromium-headless-shell", "fonts-dejavu-core", "fonts-wqy-microhei"];

/** Finds Chromium, or installs Debian's; without one the run fails, by a sentence. */
export default function setup(project: TestProject): void {
  const path = process.env["CHROMIUM"] ?? find() ?? (install() ? find() : undefined);
  if (path === undefined) {
    throw new Error(
      `the page's tests need Chromium: one of ${names.join(", ")} on PATH, or its path in CHROMIUM (Debian: apt-get install chromium-headless-shell)`,
    );
  }
  project.provide("chromium", path);
}

function find(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** On Debian, by root; elsewhere a person has to. */
function install(): boolean {
  if (process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]): boolean =>
    spawnSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 }).status ===
    0;
  return apt("update") && apt("install", "-y", "--no-install-recommends", ...packages);
}
