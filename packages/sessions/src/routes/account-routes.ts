import * as v from "valibot";
import { countAttempt } from "./attempts.ts";
import { withCaptchaProof } from "./captcha-proof.ts";
import { requireCaller, requirePerson } from "./caller.ts";
import type { Caller } from "./caller.ts";
import { endHere } from "./ending.ts";
import { field, optional } from "./fields.ts";
import { moveOn } from "./moving-on.ts";
import { addressOf, proofIn, requireProof, spendProof } from "./proof.ts";
import { defineRoute } from "./route.ts";
import type { Reply, Route, RouteCall } from "./route.ts";

const { captchaToken } = optional;
const { newPassword } = field;
const proven = { verificationToken: field.verificationToken };

/** What the person shows again, before something that cannot be undone. */
interface Shown {
  readonly password?: string | undefined;
  readonly verificationToken?: string | undefined;
  readonly verified?: true | undefined;
  readonly captchaToken?: string | undefined;
}

/** The user's own account. */
export const accountRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/reset",
    about:
      "Sets a new password for whoever has shown a code: for a password that was forgotten. Nobody is signed in by it; sessions that are open elsewhere lose their refresh tokens, and end with their access tokens.",
    forms: {
      session: [v.strictObject({ verified: field.verified, newPassword })],
      tokens: [
        v.strictObject({ email: field.email, ...proven, newPassword }),
        v.strictObject({ phoneNumber: field.phoneNumber, ...proven, newPassword }),
      ],
    },
    answers: { session: [], tokens: [] },
    async handle(call, body): Promise<Reply> {
      const { recipient, verificationToken } = "verified" in body ? await requireProof(call) : proofIn(body);
      const attempt = await countAttempt(call, "signIn", addressOf(recipient));
      await call.auth.client.resetPassword({ ...recipient, newPassword: body.newPassword, verificationToken });
      await attempt.succeeded();
      if (call.mode === "session") spendProof(call);
      return {};
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/password",
    about:
      "Changes the password of whoever shows the old one, or a code. This session gets another id; the others of the user end, with a store at once, without one with their access tokens.",
    forms: {
      session: [
        v.strictObject({ password: field.password, newPassword }),
        v.strictObject({ verified: field.verified, newPassword }),
      ],
      tokens: [
        v.strictObject({ password: field.password, newPassword, captchaToken }),
        v.strictObject({ ...proven, newPassword, captchaToken }),
      ],
    },
    answers: { session: [], tokens: [] },
    async handle(call, body): Promise<Reply> {
      const caller = await requirePerson(call);
      const sudoToken = await showAgain(call, caller, body);
      const oldPassword = "password" in body ? { oldPassword: body.password } : {};
      const { accessToken, session } = caller;
      const change = { accessToken, sudoToken, ...oldPassword, newPassword: body.newPassword };
      await call.auth.client.user.changePassword(change, await withCaptchaProof(call, body));
      if (session === undefined) return {};
      await moveOn(call, caller, session);
      return {};
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/me",
    about: "Deletes the account of whoever shows the password, or a code. All sessions of the user end.",
    forms: {
      session: [v.strictObject({ password: field.password }), v.strictObject({ verified: field.verified })],
      tokens: [v.strictObject({ password: field.password, captchaToken }), v.strictObject({ ...proven, captchaToken })],
    },
    answers: { session: [], tokens: [] },
    async handle(call, body): Promise<Reply> {
      const caller = await requirePerson(call);
      const sudoToken = await showAgain(call, caller, body);
      await call.auth.client.user.delete({ accessToken: caller.accessToken, sudoToken });
      await endHere(call, caller, "everywhere");
      return {};
    },
  }),
  defineRoute({
    method: "GET",
    path: "/me",
    about: "Who is signed in, by the token, and the profile that the server has; an anonymous user has none.",
    answers: { session: ["user", "profile?"], tokens: ["user", "profile?"] },
    async handle(call): Promise<Reply> {
      const { user, accessToken } = await requireCaller(call);
      if (user.isAnonymous) return { body: { user } };
      const { requestId: _, ...profile } = await call.auth.client.user.me({ accessToken });
      return { body: { user, profile } };
    },
  }),
];

/** Proves the person once more; the sudo token stays here. @throws AuthError, AuthApiError */
async function showAgain(call: RouteCall, { accessToken, user }: Caller, shown: Shown): Promise<string> {
  const attempt = await countAttempt(call, "signIn", user.id);
  const options = await withCaptchaProof(call, shown);
  const { password } = shown;
  const { user: calls } = call.auth.client;
  if (password !== undefined) {
    const { sudoToken } = await calls.sudo({ accessToken, password }, options);
    await attempt.succeeded();
    return sudoToken;
  }
  const verificationToken = shown.verificationToken ?? (await requireProof(call)).verificationToken;
  const { sudoToken } = await calls.sudo({ accessToken, verificationToken }, options);
  await attempt.succeeded();
  if (call.mode === "session") spendProof(call);
  return sudoToken;
}
