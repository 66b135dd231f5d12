import { AssertionError } from "node:assert";
import { judgeAnswer } from "./expectation.ts";
import type { ExpectedRefusal } from "./expectation.ts";

/** 401: nobody is signed in, or the token is no good. @throws AssertionError (rejects) */
export function assertUnauthorized(answer: unknown, expected?: ExpectedRefusal): Promise<void> {
  return assertRefused(answer, 401, expected);
}

/** 403: somebody is signed in who may not do this. @throws AssertionError (rejects) */
export function assertForbidden(answer: unknown, expected?: ExpectedRefusal): Promise<void> {
  return assertRefused(answer, 403, expected);
}

/** 503: it could not be found out. @throws AssertionError (rejects) */
export function assertUnavailable(answer: unknown, expected?: ExpectedRefusal): Promise<void> {
  return assertRefused(answer, 503, expected);
}

async function assertRefused(answer: unknown, status: number, expected: ExpectedRefusal | undefined): Promise<void> {
  const { pass, message } = await judgeAnswer(answer, status, expected);
  if (!pass) throw new AssertionError({ message });
}
