import type { Explanation } from "./explanation.ts";
import { errorCatalogue, textsOf } from "./error-catalogue.ts";
import type { AuthErrorCode, AuthErrorReason, Locale } from "./error-catalogue.ts";

export type { AuthErrorCode, AuthErrorReason, Locale } from "./error-catalogue.ts";

const brand = Symbol.for("@cloudbase-auth/AuthError");

/** What the frameworks' own error handlers honour: `status`, `statusCode`, `expose` and `headers`. */
interface AuthErrorParts extends Partial<Translation> {
  readonly headers: Readonly<Record<string, string>>;
  readonly reason?: AuthErrorReason | undefined;
  readonly cause?: unknown;
  /** Only where the code has several. */
  readonly status?: number | undefined;
  readonly docs?: string | undefined;
}

/** Which language a refusal speaks, and whether the request chose it. */
interface Translation {
  readonly locale: Locale;
  readonly negotiated: boolean;
}

/**
 * A refusal. `message` is the fixed public sentence of its `code` and is safe to send; `reason` and `cause` are for logs.
 *
 * Neither message nor headers ever hold a token, a claim or anything else that the client or a server sent. It has no
 * stack: it is an answer to a request and not a fault in the code, and taking one costs more than all else about it.
 */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthErrorCode;
  readonly reason: AuthErrorReason | undefined;
  readonly status: number;
  readonly statusCode: number;
  readonly expose = true;
  /** Response headers: `WWW-Authenticate` (RFC 6750 §3) and `Retry-After` (RFC 9110 §10.2.3) as they apply. */
  readonly headers: Readonly<Record<string, string>>;
  /** Language of the message. */
  readonly locale: Locale;
  /** Whether `Accept-Language` chose it, so that an answer with the message varies by that header. */
  readonly negotiated: boolean;
  /** The page about this code, with option `docsBaseUrl`. */
  readonly docs: string | undefined;
  /** Which condition held and which did not, with option `explain`. Not enumerable. */
  declare readonly explanation?: Explanation;

  /** For the core itself, which gives every error the headers that belong to it. */
  constructor(code: AuthErrorCode, parts: AuthErrorParts) {
    const { status = errorCatalogue[code].status, locale = "en", negotiated = false } = parts;
    const { detail } = textsOf(code, locale);
    const limit = Error.stackTraceLimit;
    limitStack(0);
    super(detail, parts.cause === undefined ? undefined : { cause: parts.cause });
    limitStack(limit);
    this.code = code;
    this.reason = parts.reason;
    this.status = status;
    this.statusCode = status;
    this.headers = Object.freeze({ ...parts.headers });
    this.locale = locale;
    this.negotiated = negotiated;
    this.docs = parts.docs;
    Object.defineProperty(this, brand, { value: true });
  }
}

function limitStack(frames: number): void {
  try {
    Error.stackTraceLimit = frames;
  } catch {
    // With frozen intrinsics it stays as it is, and the error gets its stack.
  }
}

/**
 * The same refusal for another request, with more headers or in another language if need be: what a framework or a
 * handler adds to an error must not reach the next one.
 */
export function repeatError(
  error: AuthError,
  { headers, ...translation }: Partial<Pick<AuthErrorParts, "headers"> & Translation> = {},
): AuthError {
  const { code, reason, cause, status, docs, locale, negotiated, explanation } = error;
  const repeated = new AuthError(code, {
    ...{ reason, cause, status, docs, locale, negotiated, ...translation },
    headers: { ...error.headers, ...headers },
  });
  return explanation === undefined ? repeated : Object.defineProperty(repeated, "explanation", { value: explanation });
}

/** Whether `value` is an {@link AuthError}, also one of another copy of this package in the same process. */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === "object" && value !== null && brand in value;
}
