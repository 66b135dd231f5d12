import { errorCatalogue, textsOf } from "../words/error-catalogue.ts";
import type { Locale } from "../words/error-catalogue.ts";
import type { AuthError } from "../words/errors.ts";

/** Content type of {@link Problem} (RFC 9457 §3). */
const problemMediaType = "application/problem+json";

/** The body of a refusal (RFC 9457 §3.1), and nothing else. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** A whole answer. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The text of a {@link Problem}. */
  readonly body: string;
}

/** Formats an error as problem details; every member is a fixed text of the error's code. */
export function formatProblem(error: AuthError): Problem {
  const { code, status, message: detail, docs } = error;
  // An error of another copy of this package may have a code that this one does not know.
  const title = Object.hasOwn(errorCatalogue, code) ? textsOf(code, localeOf(error)).title : "Request refused";
  return { type: docs ?? `urn:cloudbase-auth:error:${code}`, title, status, detail, code };
}

/**
 * The answer to a request that an error refuses, in the language of the error.
 *
 * @param vary what `Vary` is set to already, as the framework has it
 */
export function formatProblemAnswer(error: AuthError, vary: unknown): ProblemAnswer {
  const headers: Record<string, string> = { ...error.headers, "Content-Type": problemMediaType };
  headers["Content-Language"] = localeOf(error);
  const varies = [...(error.headers["Vary"]?.split(",") ?? []), ...(error.negotiated ? ["Accept-Language"] : [])];
  if (varies.length > 0) headers["Vary"] = addToVary(vary, ...varies);
  return { status: error.status, headers, body: JSON.stringify(formatProblem(error)) };
}

/** Another copy of this package may have no languages yet, or more. */
function localeOf(error: AuthError): Locale {
  return error.locale === "zh" ? "zh" : "en";
}

/** Adds members to a `Vary` value (RFC 9110 §12.5.5), each unless it is there or everything is. */
export function addToVary(vary: unknown, ...names: readonly string[]): string {
  const written = Array.isArray(vary) ? vary.join(",") : typeof vary === "string" ? vary : "";
  const members: string[] = [];
  for (const member of [...written.split(","), ...names].map((name) => name.trim())) {
    const covered = members.some((known) => known === "*" || known.toLowerCase() === member.toLowerCase());
    if (member !== "" && !covered) members.push(member);
  }
  return members.join(", ");
}
