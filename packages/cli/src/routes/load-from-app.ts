import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

/** The module that somebody named; the only place that loads what is named at run time. @throws what it throws */
export async function loadEntry(entry: string): Promise<Exports> {
  return load(resolve(entry));
}

/** An adapter as the application itself has it, so that both know the same guards. @throws CommandError */
export async function loadAdapter(entry: string, name: string): Promise<Exports> {
  try {
    return await load(createRequire(resolve(entry)).resolve(name));
  } catch {
    throw new CommandError(
      exitCodes.usage,
      `The application has no ${name}, which guards its routes and knows them.`,
      `Install it beside the application: npm install ${name}`,
    );
  }
}

async function load(file: string): Promise<Exports> {
  const loaded: unknown = await import(pathToFileURL(file).href);
  return typeof loaded === "object" && loaded !== null ? { ...loaded } : {};
}
