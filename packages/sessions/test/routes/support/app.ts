import type { Sessions } from "@cloudbase-auth/core";
import { expect } from "vitest";
import { memberOf } from "./people.ts";
import type { Stage } from "./stage.ts";
import { createVisitor } from "./visitor.ts";
import type { Answer } from "./visitor.ts";

/** An app: it has no cookies, and shows its token itself. */
export function appOf(stage: Stage) {
  const sessions: Sessions = stage.createSessions({ mode: "tokens" });
  const { send, browser } = createVisitor(sessions, undefined, false);
  const call = async (method: string, path: string, body?: unknown, accessToken?: string): Promise<Answer> => {
    const authorization = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
    // As an app sends it: nothing of what a browser says of itself.
    const headers = { "sec-fetch-site": undefined, ...authorization };
    const answer = await send(method, path, body, { headers });
    expect(answer.cookies).toEqual([]);
    expect(browser.jar.size).toBe(0);
    return answer;
  };
  return { call, post: (path: string, body?: unknown, token?: string) => call("POST", path, body, token) };
}

export const text = (answer: Answer, ...path: readonly string[]): string => String(memberOf(answer, ...path));
export const accessTokenOf = (answer: Answer): string => text(answer, "tokens", "accessToken");
