import type { AuthError } from "@cloudbase-auth/core";

/** What is wrong with a field of a body; `field` is a name of ours, or `?`. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: "required" | "type" | "length" | "format" | "unknown";
}

/** Fields of a body, or of a query, that are not as a route needs them. */
export class RefusedFields extends Error {
  override readonly name = "RefusedFields";
  readonly fields: readonly FieldProblem[];

  constructor(fields: readonly FieldProblem[]) {
    super("the fields are not as the route needs them");
    this.fields = fields;
  }
}

/** A body that is no JSON object. */
export class RefusedBody extends Error {
  override readonly name = "RefusedBody";
}

/** The names of RFC 9110 §15.5; Node's own differ from version to version. */
const titles = {
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
} as const;

/** A refusal that HTTP itself has a word for (RFC 9457 §4.2.1), and our errors none. */
export class PlainProblem extends Error {
  override readonly name = "PlainProblem";
  readonly status: keyof typeof titles;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: keyof typeof titles, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** An error of the family whose answer has more members than those of every problem. */
export class ExtendedRefusal extends Error {
  override readonly name = "ExtendedRefusal";
  readonly refusal: AuthError;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(refusal: AuthError, members: Readonly<Record<string, unknown>>) {
    super(refusal.message, { cause: refusal });
    this.refusal = refusal;
    this.members = members;
  }
}

/** The body of a {@link PlainProblem}. */
export function formatPlainProblem({ status, message: detail }: PlainProblem): string {
  const title = titles[status];
  return JSON.stringify({ type: "about:blank", title, status, detail, code: title.toLowerCase().replaceAll(" ", "_") });
}
