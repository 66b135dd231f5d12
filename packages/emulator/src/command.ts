#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { formatAnswer, formatFirstScreen, formatMessage } from "./console.ts";
import { startEmulator } from "./emulator.ts";
import { isFields, requireText } from "./operations/fields.ts";
import { isEnvId } from "./options.ts";

interface Flags {
  readonly env: string;
  readonly port: number;
  readonly host: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly issuer?: string;
}

const program = new Command("cloudbase-auth-emulator")
  .description("A signing emulator of the CloudBase Auth v2 HTTP API. Users live in memory and go when it stops.")
  .requiredOption("--env <id>", "environment id: 1 to 40 characters of a-z, 0-9, _ and -", parseEnv)
  .option("--port <port>", "port to listen on; 0 picks a free one", parsePort, 9320)
  .option("--host <address>", "address to listen on", parseText, "127.0.0.1")
  .option("--client-id <id>", "registers a client; without it any client id and secret will do", parseText)
  .option("--client-secret <secret>", "the secret of that client", parseText)
  .option("--issuer <issuer>", "iss of the tokens (default: the emulator's own origin)", parseText)
  .version(readVersion(), "--version", "print the version")
  .helpOption("--help", "print this help")
  .addHelpText("after", "\nExample:\n  cloudbase-auth-emulator --env demo --port 9320");

await run(program.parse().opts<Flags>());

/** A broken pipe (`… | head`) ends the command like Ctrl-C does. */
async function run({ env, clientId, ...others }: Flags): Promise<void> {
  try {
    const emulator = await startEmulator(
      { envId: env, ...(clientId === undefined ? {} : { clientId }), ...others },
      { answered: (answer) => print(formatAnswer(answer)), delivered: (message) => print(formatMessage(message)) },
    );
    const stop = () => void emulator.close();
    process.once("SIGINT", stop).once("SIGTERM", stop);
    process.stdout.on("error", stop);
    print(formatFirstScreen(emulator.endpoint, env, clientId));
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
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
