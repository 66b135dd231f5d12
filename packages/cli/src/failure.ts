import { AuthApiError } from "@cloudbase-auth/core";
import type { AuthApiErrorKind } from "@cloudbase-auth/core";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { formatDuration } from "./terminal/times.ts";

const sentences: Readonly<
  Record<Exclude<AuthApiErrorKind, "unavailable" | "rate_limited" | "locked">, { what: string; fix: string }>
> = {
  invalid_credentials: { what: "what you typed is wrong", fix: "Try again with the right password or code." },
  invalid_grant: { what: "the sign-in has ended, or was used up", fix: "Sign in again: cloudbase-auth login." },
  unauthenticated: {
    what: "the access token is expired, revoked or not this environment's",
    fix: "Renew it (cloudbase-auth refresh), or sign in again (cloudbase-auth login).",
  },
  second_factor_required: {
    what: "a second factor is asked for, which this command cannot give",
    fix: "Sign in in your application, or as a user without a second factor.",
  },
  captcha_required: {
    what: "a captcha is asked for, which a terminal cannot show",
    fix: "Sign in once in your application, or wait a few minutes, and try again.",
  },
  not_enabled: {
    what: "this way of signing in is switched off in the environment",
    fix: "Switch it on in the console, under the ways to sign in, or use another.",
  },
  user_state: {
    what: "the account is pending, blocked or under review",
    fix: "An administrator has to look at the user in the console.",
  },
  not_found: {
    what: "there is no such user",
    fix: "Check name, address and --env; sign up in your application first.",
  },
  already_exists: { what: "it exists already", fix: "Use what exists." },
  permission: {
    what: "this client or user may not do that",
    fix: "Check the permissions of the user and of the client in the console.",
  },
  invalid_input: { what: "something in it has not the form that is needed", fix: "Check what you gave; see --help." },
  precondition: { what: "something has to be done before that", fix: "Sign in again: cloudbase-auth login." },
  client: {
    what: "it does not accept the client id or its secret",
    fix: "Set --client-id and CLOUDBASE_CLIENT_SECRET as the console shows them; cloudbase-auth doctor checks them.",
  },
  unknown: { what: "why is on no list", fix: "Ask the provider's support, with the request id." },
};

/**
 * What a call of the Auth API that did not succeed means for whoever typed the command. Of the server's own text nothing
 * is shown, as it may repeat what it was sent.
 */
export function failureOf(error: unknown, endpoint: string): unknown {
  if (!(error instanceof AuthApiError)) return error;
  const { kind, requestId } = error;
  if (kind === "unavailable") {
    return new CommandError(
      exitCodes.unknown,
      `${endpoint} gave no usable answer (${reasonOf(error)}); nothing is known against what you sent.`,
      "Check the network and --endpoint; cloudbase-auth doctor finds out which part is out of reach.",
    );
  }
  const wait = error.retryAfterSeconds ?? error.details.retryDelaySeconds;
  const later = wait === undefined ? "Wait a few minutes" : `Wait ${formatDuration(wait)}`;
  if (kind === "rate_limited") {
    return new CommandError(exitCodes.unknown, `${endpoint} was asked too often.`, `${later}, then try again.`);
  }
  if (kind === "locked") {
    return new CommandError(
      exitCodes.no,
      "The account is locked after too many wrong passwords.",
      `${later}, or reset the password in your application.`,
    );
  }
  const { what, fix } = sentences[kind];
  const left = error.details.limitRemaining;
  const attempts = left === undefined ? "" : ` Attempts left before the account is locked: ${String(left)}.`;
  return new CommandError(
    kind === "client" ? exitCodes.usage : exitCodes.no,
    `${endpoint} refused: ${what} (${answerOf(error)}, request ${requestId}).`,
    fix + attempts,
  );
}

/** Why there was no usable answer, in the core's words, which hold nothing of what was sent or answered. */
export function reasonOf(error: AuthApiError): string {
  if (error.upstreamStatus !== undefined) return answerOf(error);
  return error.cause instanceof Error ? error.cause.message : error.error;
}

function answerOf({ upstreamStatus, error }: AuthApiError): string {
  return `${String(upstreamStatus)} ${error}`;
}
