import { CommandError } from "./command-error.ts";
import { openEnvironment, optionsOf } from "./configuration.ts";
import type { EnvironmentFlags, OpenEnvironment } from "./configuration.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { fileOf, readKept, writeKept } from "./sign-in-file.ts";
import type { Kept, SignIn } from "./sign-in-file.ts";
import { during } from "./terminal/progress.ts";

/** What the commands for signed-in users work with. */
export interface Desk extends OpenEnvironment {
  readonly file: string;
  readonly kept: Kept;
  /** Keeps a sign-in, or that there is none any more. */
  readonly keep: (signIn: SignIn | undefined) => void;
  /** Waits for a call, and says what its failure means. @throws CommandError */
  readonly ask: <Value>(doing: string, call: Promise<Value>) => Promise<Value>;
}

/** Opens the environment with what is kept of it, and closes it when `work` is done. */
export async function atDesk(flags: EnvironmentFlags, work: (desk: Desk) => Promise<void>): Promise<void> {
  const options = optionsOf(flags);
  const { envId, endpoint, auth: unnamed } = openEnvironment(options);
  await unnamed.close();
  const file = fileOf(envId, endpoint);
  const kept = readKept(file);
  const { auth } = openEnvironment(options, kept.deviceId);
  try {
    await work({
      ...{ auth, envId, endpoint, file, kept },
      keep: (signIn) => writeKept(file, { deviceId: kept.deviceId, signIn }),
      async ask(doing, call) {
        try {
          return await during(doing, call);
        } catch (error) {
          throw failureOf(error, endpoint);
        }
      },
    });
  } finally {
    await auth.close();
  }
}

/** @throws CommandError if nobody is signed in */
export function requireSignIn({ kept, envId, endpoint }: Desk): SignIn {
  if (kept.signIn !== undefined) return kept.signIn;
  throw new CommandError(
    exitCodes.no,
    `Nobody is signed in to environment ${envId} at ${endpoint}.`,
    "Sign in: cloudbase-auth login password, or another way of cloudbase-auth login --help.",
  );
}
