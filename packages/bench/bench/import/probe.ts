import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { answer } from "../answer.ts";
import { textOf } from "../messages.ts";

// A fresh process that has loaded nothing yet.
const fromHere = createRequire(import.meta.url);
// The jose that core loads, and no other copy of it.
const fromCore = createRequire(fromHere.resolve("@cloudbase-auth/core/package.json"));

function undiciModules(): number {
  return Object.keys(fromHere.cache).filter((path) => path.includes("/undici/")).length;
}

answer({
  async import(input) {
    const name = textOf(input, "name");
    const target = name === "jose" ? pathToFileURL(fromCore.resolve("jose")).href : name;
    const cpu = process.cpuUsage();
    const start = performance.now();
    await import(target);
    const wallMillis = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMillis: (user + system) / 1_000, wallMillis, undiciModules: undiciModules() };
  },
  /** Shows that the probe would see undici. */
  async importUndici() {
    await import(pathToFileURL(fromCore.resolve("undici")).href);
    return { undiciModules: undiciModules() };
  },
});
