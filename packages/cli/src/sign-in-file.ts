import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { rmSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { parseStrictObject } from "@cloudbase-auth/core/adapter";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";

/** What is kept of a sign-in. Secret. */
export interface SignIn {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly userId?: string | undefined;
}

/** What is kept for one environment at one endpoint: a token never goes to another one. */
export interface Kept {
  /** Anonymous users belong to a device; this one keeps its id. */
  readonly deviceId: string;
  readonly signIn: SignIn | undefined;
}

/** The file of an environment. */
export function fileOf(envId: string, endpoint: string): string {
  const { XDG_STATE_HOME: state = "" } = process.env;
  const folder = isAbsolute(state) ? state : join(homedir(), ".local", "state");
  const place = new URL(endpoint).host.replaceAll(/[^\w.-]/g, "-");
  return join(folder, "cloudbase-auth", `${envId}@${place}.json`);
}

/** @throws CommandError if others may read the file, or it is not ours to read */
export function readKept(file: string): Kept {
  const content = readPrivately(file);
  if (content === undefined) return { deviceId: randomBytes(16).toString("hex"), signIn: undefined };
  const parsed = parseStrictObject(content, { maxDepth: 4, maxMembers: 20 }) ?? {};
  const { version, deviceId, accessToken, refreshToken, expiresAt, userId } = parsed;
  if (version !== 1 || typeof deviceId !== "string") {
    throw new CommandError(exitCodes.usage, `${file} is not what this command writes.`, "Delete it and sign in again.");
  }
  if (typeof accessToken !== "string" || typeof expiresAt !== "number") return { deviceId, signIn: undefined };
  return {
    deviceId,
    signIn: {
      ...{ accessToken, expiresAt },
      refreshToken: typeof refreshToken === "string" ? refreshToken : undefined,
      userId: typeof userId === "string" ? userId : undefined,
    },
  };
}

/** Whole or not at all, and nobody else's to read at any moment. */
export function writeKept(file: string, { deviceId, signIn }: Kept): void {
  const scratch = `${file}.${randomBytes(6).toString("hex")}.new`;
  let opened: number | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    opened = openSync(scratch, "wx", 0o600);
    try {
      writeSync(opened, `${JSON.stringify({ version: 1, deviceId, ...signIn }, undefined, 2)}\n`);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(scratch, file);
  } catch (error) {
    if (opened !== undefined) rmSync(scratch, { force: true });
    throw new CommandError(
      exitCodes.usage,
      `${file} cannot be written (${codeOf(error)}).`,
      "Make its folder yours to write, or set XDG_STATE_HOME to one that is.",
    );
  }
}

function readPrivately(file: string): string | undefined {
  let opened: number;
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return undefined;
    const why = code === "ELOOP" ? "is a link, and tokens are kept in files only" : `cannot be read (${code})`;
    throw new CommandError(exitCodes.usage, `${file} ${why}.`, "Delete it and sign in again.");
  }
  try {
    const { mode, uid } = fstatSync(opened);
    const isOurs = process.getuid === undefined || uid === process.getuid();
    if (!isOurs || (process.platform !== "win32" && (mode & 0o077) !== 0)) {
      throw new CommandError(
        exitCodes.usage,
        `${file} may be read by others (${isOurs ? `mode ${(mode & 0o777).toString(8)}` : "it is another user's"}), and it holds tokens.`,
        "Whoever read it can be you: end the sign-in in your application, delete the file, and sign in again.",
      );
    }
    return readFileSync(opened, "utf8");
  } finally {
    closeSync(opened);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
