import { errorCatalogue } from "../words/errors.ts";
import type { AuthError } from "../words/errors.ts";

/** Content type of {@link Problem} (RFC 9457 §3). */
export const problemMediaType = "application/problem+json";

/** The body of a refusal (RFC 9457 §3.1), and nothing else. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** Formats an error as problem details; every member is a fixed text of the error's code. */
export function formatProblem(error: AuthError): Problem {
  const { code, status, message: detail } = error;
  // An error of another copy of this package may have a code that this one does not know.
  const title = Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code].title : "Request refused";
  return { type: `urn:cloudbase-auth:error:${code}`, title, status, detail, code };
}
