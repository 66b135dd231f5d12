import { afterAll, describe, expect, it } from "vitest";
import { accountSuccesses } from "./successes/account.ts";
import { captchaSuccesses } from "./successes/captcha.ts";
import { providerSuccesses } from "./successes/providers.ts";
import { signInSuccesses } from "./successes/sign-in.ts";
import { ticketSuccesses } from "./successes/tickets.ts";
import { tokenSuccesses } from "./successes/tokens.ts";
import { userSuccesses } from "./successes/user.ts";
import { verificationSuccesses } from "./successes/verification.ts";
import { isPlayedIn } from "./support/differing.ts";
import { methodNames, watch } from "./support/methods.ts";
import type { MethodName } from "./support/methods.ts";
import { createStages, dialects } from "./support/stage.ts";
import type { Successes } from "./support/success.ts";

const successes: Successes<MethodName> = {
  ...signInSuccesses,
  ...verificationSuccesses,
  ...tokenSuccesses,
  ...ticketSuccesses,
  ...userSuccesses,
  ...accountSuccesses,
  ...providerSuccesses,
  ...captchaSuccesses,
};

const stages = createStages();
afterAll(() => stages.close());

const rows = Object.entries(successes).flatMap(([method, cases]) =>
  Object.entries(cases).map(([title, play]) => ({ method, title, play })),
);

describe.each(dialects)("the %s dialect", (dialect) => {
  // What only the skill text has is refused in the other dialect.
  const options = { strict: dialect === "documented" };

  it.each(rows.filter(({ method }) => isPlayedIn(dialect, method)))("$method: $title", async ({ method, play }) => {
    const scene = await stages.open(dialect, options);
    const succeeded = new Set<string>();
    const client = watch(scene.client, (call) => {
      if (call.succeeded) succeeded.add(call.name);
    });
    await play({ ...scene, client });
    expect(succeeded).toContain(method);
    const unanswered = scene.emulator.requests.entries().filter(({ status }) => status === undefined);
    expect(unanswered).toEqual([]);
  });
});

it("every method of the client succeeds here", async () => {
  const { client } = await stages.open("documented");
  expect(new Set(rows.map(({ method }) => method))).toEqual(new Set(methodNames(client)));
});
