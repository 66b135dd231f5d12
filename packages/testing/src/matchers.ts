import { judgeAnswer } from "./expectation.ts";
import type { ExpectedRefusal, Judgement } from "./expectation.ts";

/** Of Vitest's and Jest's `expect`; an answer of `fetch` has to be awaited: `await expect(response).toBeForbidden()`. */
export interface AuthMatchers<R, T> {
  /** 401: nobody is signed in, or the token is no good. */
  toBeUnauthorized(expected?: ExpectedRefusal): Judged<R, T>;
  /** 403: somebody is signed in who may not do this. */
  toBeForbidden(expected?: ExpectedRefusal): Judged<R, T>;
  /** 503: it could not be found out. */
  toBeUnavailable(expected?: ExpectedRefusal): Judged<R, T>;
}

type Judged<R, T> = T extends Pick<Response, "clone" | "bodyUsed"> ? Promise<void> : R;

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

type Matcher = (answer: unknown, expected?: ExpectedRefusal) => MatcherResult | Promise<MatcherResult>;

/** For `expect.extend(matchers)`. */
export const matchers: Readonly<Record<keyof AuthMatchers<void, unknown>, Matcher>> = Object.freeze({
  toBeUnauthorized: matcherOf(401),
  toBeForbidden: matcherOf(403),
  toBeUnavailable: matcherOf(503),
});

function matcherOf(status: number): Matcher {
  return (answer, expected) => {
    const judgement = judgeAnswer(answer, status, expected);
    return "then" in judgement ? judgement.then(resultOf) : resultOf(judgement);
  };
}

function resultOf({ pass, message }: Judgement): MatcherResult {
  return { pass, message: () => message };
}
