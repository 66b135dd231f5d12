import { expect } from "vitest";
import { lihua, password } from "./stage.ts";
import type { Stage } from "./stage.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** The value of a member, however deep. */
export function memberOf(answer: Answer, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }, answer.json);
}

export function userIdOf(answer: Answer): string {
  const id = memberOf(answer, "user", "id");
  if (typeof id !== "string") throw new Error(`no user in ${answer.text ?? "no body"} (${String(answer.status)})`);
  return id;
}

/** Has a code sent and shows it. */
export async function prove({ codeFor }: Stage, visitor: Visitor, to: string): Promise<Answer> {
  const sent = await visitor.post("/verification", to.startsWith("+") ? { phoneNumber: to } : { email: to });
  expect(sent.status).toBe(200);
  const shown = await visitor.post("/verification/verify", { code: codeFor(to) });
  expect(shown.status).toBe(200);
  return shown;
}

/** A browser in which Lihua, or whoever it is, has signed in by a code, which is quick. */
export async function enter(stage: Stage, visitor = stage.visitor(), to = lihua.email): Promise<Visitor> {
  await prove(stage, visitor, to);
  expect((await visitor.post("/signin", { verified: true })).status).toBe(200);
  return visitor;
}

export const byPassword = { username: lihua.username, password };

/** Gives wrong passwords, as many as are asked for. */
export async function guess(visitor: Visitor, times: number, username = lihua.username): Promise<Answer | undefined> {
  let last: Answer | undefined;
  for (let time = 0; time < times; time += 1) {
    last = await visitor.post("/signin", { username, password: `${password}-wrong` });
  }
  return last;
}
