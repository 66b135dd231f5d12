import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { EmulatorState } from "./controls/stored-state.ts";

/** @throws Error in a sentence when the file cannot be read or is no JSON */
export function readStateFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read (${codeOf(cause)}).`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is no JSON.`, { cause });
  }
}

/** Before any work is done that could not be saved. @throws Error in a sentence */
export function requireWritableFolder(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw new Error(`${file} cannot be written (${codeOf(cause)}).`, { cause });
  }
}

/** Whole or not at all, and for this user's eyes only: private keys are in it. @throws Error in a sentence */
export function writeStateFile(file: string, state: EmulatorState): void {
  const draft = `${file}.${String(process.pid)}.tmp`;
  try {
    writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new Error(`${file} cannot be written (${codeOf(cause)}).`, { cause });
  }
}

export function isMissingFile(file: string): boolean {
  try {
    accessSync(file);
    return false;
  } catch (error) {
    return codeOf(error) === "ENOENT";
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown reason";
}
