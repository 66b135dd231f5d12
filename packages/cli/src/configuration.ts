import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth, CloudbaseAuthOptions, EnvironmentOptions, SignatureAlgorithm } from "@cloudbase-auth/core";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";

/** The flags of every command that knows an environment; what is left out comes from the `CLOUDBASE_*` variables. */
export interface EnvironmentFlags {
  readonly env?: string;
  readonly region?: string;
  readonly host?: "tcb-api" | "gateway";
  readonly endpoint?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly allowInsecureEndpoint?: boolean;
  readonly dotenv?: string;
}

/** The flags of what is judged; in an application they are options in its code. */
export interface JudgingFlags {
  readonly audience?: readonly string[];
  readonly issuer?: readonly string[];
  readonly algorithm?: readonly SignatureAlgorithm[];
  readonly clockTolerance?: number;
}

/** What the core takes for one environment. */
export type OneEnvironment = CloudbaseAuthOptions & EnvironmentOptions & { readonly environments?: undefined };

const algorithms: readonly SignatureAlgorithm[] = ["RS256", "PS256", "ES256", "EdDSA"];
/** From another continent a connection takes longer than a server beside CloudBase would wait. */
const patience = { connectTimeoutMs: 5_000, timeoutMs: 15_000 };

export function addEnvironmentFlags(command: Command): Command {
  return (
    command
      .optionsGroup("Environment (each flag wins over its variable):")
      .option("--env <id>", "environment id (CLOUDBASE_ENV_ID)", text)
      .option("--region <region>", "its region (CLOUDBASE_REGION, else ap-shanghai)", text)
      .addOption(
        new Option("--host <family>", "which host family to ask (else tcb-api)").choices(["tcb-api", "gateway"]),
      )
      .option("--endpoint <origin>", "another origin, such as the emulator's (CLOUDBASE_AUTH_ENDPOINT)", text)
      .option("--client-id <id>", "client id (CLOUDBASE_CLIENT_ID)", text)
      .option("--client-secret-file <file>", "file with the client secret (else CLOUDBASE_CLIENT_SECRET)", text)
      .option("--allow-insecure-endpoint", "accept a plain-http endpoint that is not on this machine")
      // Not --env-file: Node.js takes that for its own, wherever it stands.
      .option("--dotenv <file>", "read variables that are not set yet from a file such as .env", text)
  );
}

export function addJudgingFlags(command: Command): Command {
  return command
    .optionsGroup("What is accepted, as the options in your code say (names: one a flag):")
    .option("--audience <audience>", "accepted audience (else the environment id and the client id)", collect)
    .option("--issuer <issuer>", "accepted issuer (else CloudBase's own, and the endpoint)", collect)
    .option("--algorithm <name>", `accepted algorithm (else RS256): ${algorithms.join(", ")}`, collectAlgorithm)
    .option("--clock-tolerance <seconds>", "how far clocks may differ, 0 to 60 (else 5)", seconds);
}

/** @throws CommandError if a file cannot be read */
export function optionsOf(flags: EnvironmentFlags & JudgingFlags): OneEnvironment {
  if (flags.dotenv !== undefined) fillEnvironment(flags.dotenv);
  const { clientSecretFile, clockTolerance, algorithm } = flags;
  return {
    envId: flags.env,
    region: flags.region,
    host: flags.host,
    endpoint: flags.endpoint,
    clientId: flags.clientId,
    clientSecret: clientSecretFile === undefined ? undefined : read(clientSecretFile).trim(),
    allowInsecureEndpoint: flags.allowInsecureEndpoint,
    audience: flags.audience,
    issuers: flags.issuer,
    algorithms: algorithm,
    clockToleranceSeconds: clockTolerance,
    // What the core would warn of is what the commands tell anyway.
    onWarning: () => undefined,
  };
}

/** An environment, ready to be asked. */
export interface OpenEnvironment {
  readonly auth: CloudbaseAuth;
  readonly envId: string;
  /** Origin. */
  readonly endpoint: string;
}

/** @throws CommandError naming what is missing or wrong in the configuration */
export function openEnvironment(options: OneEnvironment, deviceId?: string): OpenEnvironment {
  try {
    const auth = createCloudbaseAuth({ ...options, client: { ...patience, deviceId } });
    return { auth, ...whereItIs(auth) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(exitCodes.usage, `${error.message}.`, flagsHint);
  }
}

export const flagsHint =
  "Options are flags here (envId is --env, clientId is --client-id, …); --dotenv reads variables from your .env.";

export function whereItIs(auth: CloudbaseAuth): { readonly envId: string; readonly endpoint: string } {
  const [environment] = auth.status().environments;
  if (environment === undefined) throw new Error("the core has no environment");
  return { envId: environment.envId, endpoint: new URL(environment.keySet.url).origin };
}

/** Sets the variables of a file that are not set yet. @throws CommandError */
export function fillEnvironment(file: string): void {
  for (const [name, value] of Object.entries(parseEnv(read(file)))) process.env[name] ??= value;
}

/** @throws CommandError */
export function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new CommandError(exitCodes.usage, `${file} cannot be read (${code}).`, "Give the path of a file of yours.");
  }
}

export function text(value: string): string {
  if (value === "") throw new InvalidArgumentError("It must not be empty; leave it out for the default.");
  return value;
}

/** Not a list behind one flag, which would take the token that follows for one more name. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, text(value)];
}

function collectAlgorithm(value: string, before: readonly SignatureAlgorithm[] = []): readonly SignatureAlgorithm[] {
  const algorithm = algorithms.find((name) => name === value);
  if (algorithm === undefined) throw new InvalidArgumentError(`Allowed choices are ${algorithms.join(", ")}.`);
  return [...before, algorithm];
}

function seconds(value: string): number {
  if (!/^\d{1,2}$/.test(value)) throw new InvalidArgumentError("Give whole seconds from 0 to 60.");
  return Number(value);
}
