import type { DialectForms } from "../../protocol/dialect.ts";
import type { StrictObject } from "../../protocol/strict-json.ts";
import { AuthApiError } from "../../words/api-error.ts";
import type { ApiCaller, ApiResult } from "../api-call.ts";

/** What the groups of calls are made of. */
export interface ClientContext {
  readonly environment: string;
  readonly call: ApiCaller;
  readonly forms: DialectForms;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/** Every answer of the client carries the request id under which the server may know it. */
export type Answered<Value> = Value & { readonly requestId: string };

/**
 * Reads a success with a parser, and takes an answer that the parser cannot use for none at all.
 *
 * @throws AuthApiError `unavailable`
 */
export function readAs<Value extends object>(
  name: string,
  { answer, requestId }: ApiResult,
  parse: (answer: StrictObject) => Value | undefined,
): Answered<Value> {
  const value = parse(answer);
  if (value === undefined) {
    // What does not read as a name may be anything.
    const names = Object.keys(answer).filter((member) => /^[a-z_]{1,40}$/i.test(member));
    const cause = new Error(`the answer lacks a member that is needed; it has ${names.join(", ") || "none"}`);
    throw new AuthApiError(name, { kind: "unavailable", error: "unreachable", status: 200, requestId, cause });
  }
  return { ...value, requestId };
}

/** The same for answers that have nothing to say but that it is done. */
export function done({ requestId }: ApiResult): Answered<object> {
  return { requestId };
}
