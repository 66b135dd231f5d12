import type { AuthErrorCode } from "@cloudbase-auth/core";
import { readAnswer } from "./answer.ts";
import type { Refused } from "./answer.ts";

/** What a refusal should say, beside its status. */
export interface ExpectedRefusal {
  readonly code?: AuthErrorCode | undefined;
  /** The scopes that the challenge names as missing, in any order. */
  readonly scopes?: readonly string[] | undefined;
}

/** Whether an answer is as expected, and a sentence that says how it is. */
export interface Judgement {
  readonly pass: boolean;
  readonly message: string;
}

/** At once for an answer of supertest or `inject()`, later for one of `fetch`. */
export function judgeAnswer(
  answer: unknown,
  status: number,
  expected: ExpectedRefusal = {},
): Judgement | Promise<Judgement> {
  const refused = readAnswer(answer);
  return "then" in refused ? refused.then((read) => judge(read, status, expected)) : judge(refused, status, expected);
}

function judge(refused: Refused, status: number, { code, scopes }: ExpectedRefusal): Judgement {
  const pass =
    refused.status === status &&
    (code === undefined || refused.codes.includes(code)) &&
    (scopes === undefined || isSame(scopes, refused.scopes));
  const wanted = describe({ status, codes: code === undefined ? undefined : [code], scopes });
  const found = describe({
    status: refused.status,
    codes: code === undefined ? undefined : refused.codes,
    scopes: scopes === undefined ? undefined : refused.scopes,
  });
  if (pass) return { pass, message: `expected an answer other than ${wanted}` };
  const hint =
    code !== undefined && refused.status === status && refused.codes.length === 0
      ? "; the body has no code: mount problemDetails() as error handler"
      : "";
  return { pass, message: `expected ${wanted}, and the answer is ${found}${hint}` };
}

interface Described {
  readonly status: number;
  readonly codes: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
}

function describe({ status, codes, scopes }: Described): string {
  const parts = [
    ...(codes === undefined ? [] : [codes.length === 0 ? "no code" : `code ${codes.join(" or ")}`]),
    ...(scopes === undefined ? [] : [scopes.length === 0 ? "no scope" : `scope ${scopes.join(" ")}`]),
  ];
  return parts.length === 0 ? String(status) : `${String(status)} with ${parts.join(" and ")}`;
}

function isSame(expected: readonly string[], found: readonly string[]): boolean {
  return expected.toSorted().join(" ") === found.toSorted().join(" ");
}
