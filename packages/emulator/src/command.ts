#!/usr/bin/env node
import { styleText } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import { startEmulator } from "./emulator.ts";
import type { Emulator } from "./emulator.ts";
import type { Message } from "./state/inbox.ts";
import type { Answered } from "./server.ts";

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
  .requiredOption("--env <id>", "environment id: 1 to 40 characters of a-z, 0-9, _ and -")
  .option("--port <port>", "port to listen on; 0 picks a free one", parsePort, 9320)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--client-id <id>", "the one client that may call; without it any client id and secret will do")
  .option("--client-secret <secret>", "the secret of that client")
  .option("--issuer <issuer>", "iss of the tokens (default: its own origin)")
  .addHelpText("after", "\nExample:\n  cloudbase-auth-emulator --env demo --port 9320");

await main(program.parse().opts<Flags>());

async function main({ env, port, host, clientId, clientSecret, issuer }: Flags): Promise<void> {
  let emulator: Emulator;
  try {
    emulator = await startEmulator(
      {
        envId: env,
        port,
        host,
        ...(clientId === undefined ? {} : { clientId }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
        ...(issuer === undefined ? {} : { issuer }),
      },
      { answered: printAnswer, delivered: printMessage },
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
    return;
  }
  print(firstScreen(emulator, env, clientId));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void emulator.close();
    });
  }
}

function firstScreen({ endpoint }: Emulator, env: string, clientId: string | undefined): string {
  return [
    `CloudBase Auth v2 emulator for the environment "${env}": ${endpoint}/auth/v1`,
    "",
    "Set in your app:",
    `  CLOUDBASE_ENV_ID=${env}`,
    `  CLOUDBASE_AUTH_ENDPOINT=${endpoint}`,
    ...(clientId === undefined ? [] : [`  CLOUDBASE_CLIENT_ID=${clientId}`]),
    "",
    `Codes that are "sent" by SMS and e-mail are printed here, and read from ${endpoint}/emulator/inbox`,
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

function printAnswer({ method, path, status, error }: Answered): void {
  const line = `${method.padEnd(6)} ${path} ${String(status)}${error === undefined ? "" : ` ${error}`}`;
  print(status < 400 ? line : style("yellow", line));
}

function printMessage({ to, code }: Message): void {
  print(style("cyan", `       code for ${to}: ${code}`));
}

function style(colour: "yellow" | "cyan", text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("Give a port from 0 to 65535.");
  return port;
}
