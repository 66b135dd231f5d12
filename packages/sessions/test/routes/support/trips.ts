import { expect } from "vitest";
import type { Stage } from "./stage.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** Where an answer sends the browser. */
export function locationOf({ headers }: Answer): string {
  const { Location: location } = headers;
  if (typeof location !== "string") throw new Error("the answer sends the browser nowhere");
  return location;
}

/** Goes to the third party as somebody and comes back: the path of the callback with its query, below the mount. */
export async function visitProvider(
  { emulator }: Stage,
  uri: string,
  sub: string,
  decision = "approve",
): Promise<string> {
  const { searchParams } = new URL(uri);
  const form = { redirect_uri: searchParams.get("redirect_uri") ?? "", state: searchParams.get("state") ?? "" };
  const answer = await fetch(uri, {
    method: "POST",
    body: new URLSearchParams({ ...form, decision, sub, name: `Name of ${sub}` }),
    redirect: "manual",
    headers: { origin: emulator.endpoint },
  });
  const back = new URL(answer.headers.get("location") ?? "about:blank");
  expect(back.origin + back.pathname).toBe(form.redirect_uri);
  return back.pathname.replace("/auth", "") + back.search;
}

/** Begins a sign-in by the third party, and answers the callback's path. */
export async function leave(stage: Stage, visitor: Visitor, sub: string, returnTo = "/"): Promise<string> {
  const begun = await visitor.get(`/provider/demo_provider?return_to=${encodeURIComponent(returnTo)}`);
  expect(begun.status).toBe(303);
  return visitProvider(stage, locationOf(begun), sub);
}
