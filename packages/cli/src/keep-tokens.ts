import type { TokenSet } from "@cloudbase-auth/core";
import type { SignIn } from "./sign-in-file.ts";
import type { Desk } from "./signed-in.ts";
import { terminal } from "./terminal/terminal.ts";
import { formatDuration } from "./terminal/times.ts";

/** Keeps the tokens and says so; with `print`, the access token alone goes to stdout. */
export function keepTokens(desk: Desk, tokens: TokenSet, { print }: { readonly print: boolean }): void {
  const { accessToken, refreshToken, expiresInSeconds, sub: userId } = tokens;
  desk.keep(signInOf(tokens));
  const who = userId === undefined ? "Signed in" : `Signed in as ${userId}`;
  const renewable = refreshToken === undefined ? "; there is no refresh token" : "";
  terminal.note(`${who} for ${formatDuration(expiresInSeconds)}${renewable}. Kept in ${desk.file}.`);
  if (print) terminal.line(accessToken);
}

/** What is kept of tokens that have just come. */
export function signInOf({ accessToken, refreshToken, expiresInSeconds, sub: userId }: TokenSet): SignIn {
  return { accessToken, refreshToken, expiresAt: Date.now() + expiresInSeconds * 1_000, userId };
}
