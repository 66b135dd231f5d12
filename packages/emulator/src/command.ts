#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { startEmulator } from "./emulator.ts";
import type { Emulator } from "./emulator.ts";
import { isMissingFile, readStateFile, requireWritableFolder, writeStateFile } from "./export-file.ts";
import { createJsonNarrator, createNarrator } from "./narrator.ts";
import type { Narrator } from "./narrator.ts";
import { isFields, requireText } from "./operations/fields.ts";
import { isEnvId } from "./options.ts";

interface Flags {
  readonly env: string;
  readonly port: number;
  readonly host: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly issuer?: string;
  readonly import?: string;
  readonly exportOnExit?: string | true;
  readonly strict?: boolean;
  readonly allowOrigin?: readonly string[];
  readonly json?: boolean;
}

const defaultExportFile = "cloudbase-auth-emulator.json";

const program = new Command("cloudbase-auth-emulator")
  .description(
    "A signing emulator of the CloudBase Auth v2 HTTP API. Users live in memory and go when it stops, but for --export-on-exit.",
  )
  .requiredOption("--env <id>", "environment id: 1 to 40 characters of a-z, 0-9, _ and -", parseEnv)
  .option("--port <port>", "port to listen on; 0 picks a free one", parsePort, 9320)
  .option("--host <address>", "address to listen on", parseText, "127.0.0.1")
  .option("--client-id <id>", "registers a client; without it any client id and secret will do", parseText)
  .option("--client-secret <secret>", "the secret of that client", parseText)
  .option("--issuer <issuer>", "iss of the tokens (default: the emulator's own origin)", parseText)
  .option(
    "--import <file>",
    "begins with the users, sessions and keys of an exported file, or one written by hand",
    parseText,
  )
  .option(
    "--export-on-exit [file]",
    `writes such a file when it stops (default: that of --import, else ${defaultExportFile})`,
  )
  .option("--strict", "refuses the paths and forms that only the skill text uses")
  .option("--allow-origin <host...>", "security domains: host[:port] of the pages that may call (default: all)")
  .option("--json", "prints one JSON object per line")
  .version(readVersion(), "--version", "print the version")
  .helpOption("--help", "print this help")
  .addHelpText(
    "after",
    `
Examples:
  cloudbase-auth-emulator --env demo --port 9320
  cloudbase-auth-emulator --env demo --import state.json --export-on-exit

The smallest file for --import: {"version":1,"users":[{"username":"lihua","password":"secret"}]}
Exit codes: 0 stopped; 1 a wrong flag or file, a port that is taken, or an export that failed.`,
  );

await run(program.parse().opts<Flags>());

async function run(flags: Flags): Promise<void> {
  const { env, clientId, json, port, host, clientSecret, issuer, strict, allowOrigin } = flags;
  const narrator = json === true ? createJsonNarrator(print) : createNarrator(print);
  try {
    const exportFile = exportFileOf(flags);
    if (exportFile !== undefined) requireWritableFolder(exportFile);
    const emulator = await startEmulator(
      {
        envId: env,
        port,
        host,
        import: importOf(flags, exportFile),
        ...(clientId === undefined ? {} : { clientId }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
        ...(issuer === undefined ? {} : { issuer }),
        ...(strict === undefined ? {} : { strict }),
        ...(allowOrigin === undefined ? {} : { allowedOrigins: allowOrigin }),
      },
      narrator,
    );
    const stop = stopping(emulator, exportFile, narrator);
    process.once("SIGINT", stop).once("SIGTERM", stop);
    // A broken pipe (`… | head`) ends the command like Ctrl-C does.
    process.stdout.on("error", stop);
    narrator.listening({ endpoint: emulator.endpoint, envId: env, clientId });
  } catch (error) {
    fail(error);
  }
}

/** The port is free again at once; what was answered until then is in the file. */
function stopping(emulator: Emulator, exportFile: string | undefined, narrator: Narrator): () => void {
  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    void emulator
      .close()
      .then(() => {
        if (exportFile === undefined) return;
        writeStateFile(exportFile, emulator.export());
        narrator.exported(exportFile);
      }, fail)
      .catch(fail);
  };
}

function fail(error: unknown): void {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function exportFileOf({ exportOnExit, import: imported }: Flags): string | undefined {
  return exportOnExit === true ? (imported ?? defaultExportFile) : exportOnExit;
}

/** The first time there is nothing yet where the last run would have exported to. */
function importOf({ import: file }: Flags, exportFile: string | undefined): unknown {
  if (file === undefined || (file === exportFile && isMissingFile(file))) return undefined;
  return readStateFile(file);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function parseEnv(text: string): string {
  if (!isEnvId(text)) throw new InvalidArgumentError("Give 1 to 40 characters of a-z, 0-9, _ and -.");
  return text;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("Give a port from 0 to 65535.");
  return port;
}

function parseText(text: string): string {
  if (text === "") throw new InvalidArgumentError("It must not be empty; leave the option out for the default.");
  return text;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return isFields(manifest) ? requireText(manifest, "version") : "unknown";
}
