import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import type { AuthApiError } from "../../src/index.ts";
import { accountRefusals } from "./refusals/account.ts";
import { captchaRefusals } from "./refusals/captcha.ts";
import { passwordRefusals } from "./refusals/password.ts";
import { providerRefusals } from "./refusals/providers.ts";
import { signInRefusals } from "./refusals/sign-in.ts";
import { signUpRefusals } from "./refusals/sign-up.ts";
import { ticketRefusals } from "./refusals/tickets.ts";
import { tokenRefusals } from "./refusals/tokens.ts";
import { userRefusals } from "./refusals/user.ts";
import { verificationRefusals } from "./refusals/verification.ts";
import { calls } from "./support/calls.ts";
import type { PlainCall } from "./support/calls.ts";
import { differing, isPlayedIn } from "./support/differing.ts";
import { methodNames, watch } from "./support/methods.ts";
import { errors } from "./support/refusal.ts";
import type { ErrorName, Refusal } from "./support/refusal.ts";
import { everythingOf, refused } from "./support/refused.ts";
import { secretsIn } from "./support/secrets.ts";
import { createStages, dialects } from "./support/stage.ts";
import type { Dialect, Scene } from "./support/stage.ts";

const refusals: readonly Refusal[] = [
  ...[signInRefusals, signUpRefusals, verificationRefusals, tokenRefusals, ticketRefusals, accountRefusals].flat(),
  ...[passwordRefusals, userRefusals, providerRefusals, captchaRefusals].flat(),
];

const stages = createStages();
afterAll(() => stages.close());

/** Holds an error against the table, and against what the emulator says that it answered. */
function expectError({ emulator }: Scene, error: AuthApiError, name: ErrorName, details: object = {}): void {
  const [status, kind] = errors[name];
  const retryable = kind === "rate_limited" || kind === "unavailable";
  expect(error).toMatchObject({ error: name, upstreamStatus: status, kind, retryable, retryAfterSeconds: undefined });
  expect(error.details).toEqual(details);
  expect(error.errorCode).toBeTypeOf("number");
  expect(error.description).not.toBe("");
  expect(error.requestId).toMatch(/^[0-9a-f]{32}$/);
  const answered = emulator.requests.entries().findLast(({ requestId }) => requestId === error.requestId);
  expect(answered).toMatchObject({ status, error: name });
}

describe.each(dialects)("the %s dialect", (dialect) => {
  const rows = refusals
    .map(([call, when, act, name, circumstances]) => ({ call, when, act, name, ...circumstances }))
    .filter((row) => (row.dialect ?? dialect) === dialect && isPlayedIn(dialect, row.call));
  const callsAs = (who: PlainCall["as"]) =>
    Object.entries(calls).filter(([name, { as }]) => as === who && isPlayedIn(dialect, name));

  it.each(rows)("$call when $when", async ({ call, act, name, options, details }) => {
    const scene = await stages.open(dialect, options);
    const secrets: string[] = [];
    const keepSecrets = ({ input }: { readonly input: unknown }): void => void secrets.push(...secretsIn(input));
    const watched = { ...scene, client: watch(scene.client, keepSecrets) };
    const error = await refused(act(watched));
    expectError(scene, error, name, details);
    const [status, kind] = errors[name];
    expect(error.message).toBe(`${call} was answered ${String(status)} ${name} (${kind}, request ${error.requestId})`);
    const everything = everythingOf(error);
    for (const secret of ["sentinel", "Sentinel", ...secrets]) expect(everything).not.toContain(secret);
  });

  it.each(callsAs("user"))("%s when the access token is no good", async (name, { call }) => {
    const scene = await stages.open(dialect);
    const { client, emulator } = scene;
    const { accessToken: revoked } = await client.signInAnonymously();
    await client.revoke({ accessToken: revoked });
    const expired = await emulator.issueToken({ exp: Math.floor(Date.now() / 1000) - 1 });
    const { token: forged } = await emulator.issueForged("other-key");
    for (const accessToken of ["sentinel", revoked, expired, forged]) {
      const error = await refused(call(client, {}, accessToken));
      const isBinding = name === "providers.bind" || name === "providers.unbind";
      expectError(scene, error, isBinding ? "unauthorized" : "unauthenticated");
      expect(everythingOf(error)).not.toContain(accessToken);
    }
  });

  it.each(callsAs("client"))("%s when nobody knows the client", async (_name, { call }) => {
    const scene = await stages.open(dialect);
    expectError(scene, await refused(call(scene.createClient({ clientId: "another-app" }))), "invalid_client");
  });
});

it("the dialects differ in these calls and no others", async () => {
  const linesOf = async (dialect: Dialect) => {
    const { client, emulator } = await stages.open(dialect);
    const send = async ([name, { call }]: [string, PlainCall]): Promise<unknown> =>
      call(client, { requestId: name }).catch(() => undefined);
    await Promise.all(Object.entries(calls).map(send));
    const lines = emulator.requests
      .entries()
      .map(({ requestId, method, path, query, authorization }) => [requestId, { method, path, query, authorization }]);
    return Object.fromEntries(lines) as Readonly<Record<string, object>>;
  };
  const [documented, skill] = [await linesOf("documented"), await linesOf("skill")];
  const names = Object.keys(calls).filter((name) => !isDeepStrictEqual(documented[name], skill[name]));
  expect(names.toSorted()).toEqual(differing.toSorted());
});

it("every method that sends a request is refused here", async () => {
  const { client } = await stages.open("documented");
  const loops = Object.entries(calls).filter(([, { as }]) => as === "user" || as === "client");
  const covered = new Set<string>([...refusals.map(([call]) => call), ...loops.map(([name]) => name)]);
  expect([...covered, "createTicket"].toSorted()).toEqual(methodNames(client).toSorted());
});

describe("every error that is named anywhere", () => {
  it.each(Object.keys(errors) as ErrorName[])("%s", async (name) => {
    const scene = await stages.open("documented");
    scene.emulator.failNext("POST /auth/v1/signin", { kind: "error", error: name });
    expectError(scene, await refused(calls.signIn.call(scene.client)), name);
  });

  it("all but these the emulator answers by itself", () => {
    const answered = new Set<string>([...refusals.map(([, , , name]) => name), "invalid_client", "unauthenticated"]);
    expect(Object.keys(errors).filter((name) => !answered.has(name))).toEqual([
      ...["out_of_range", "access_denied", "aborted", "unsupported_grant_type", "invalid_scope"],
      ...["invalid_username_or_password", "invalid_credentials", "wrong_password"],
      ...["invalid_two_factor", "invalid_two_factor_recovery", "two_factor_required", "phone_required"],
      ...["under_review", "provider_not_enabled", "login_method_disabled"],
      ...["internal", "data_loss", "server_error", "unavailable", "temporarily_unavailable", "deadline_exceeded"],
    ]);
  });
});
