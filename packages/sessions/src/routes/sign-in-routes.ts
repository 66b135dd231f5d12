import type { CallOptions, TokenSet } from "@cloudbase-auth/core";
import * as v from "valibot";
import { countAttempt } from "./attempts.ts";
import { askAfterGuesses } from "./captcha.ts";
import { withCaptchaProof } from "./captcha-proof.ts";
import { findCallerIfAny } from "./caller.ts";
import { field, optional } from "./fields.ts";
import { forget, keep, recall } from "./kept-for-browser.ts";
import { addressOf, proofIn, requireProof, spendProof, textIn } from "./proof.ts";
import { defineRoute } from "./route.ts";
import type { Route, RouteCall } from "./route.ts";
import { newDeviceId, signedInAnswers, welcome } from "./signed-in.ts";

const anonymousDeviceSeconds = 30 * 24 * 3_600;

const { deviceId, captchaToken } = optional;
const profile = { username: optional.username, password: optional.password, name: optional.name };
const byPassword = v.strictObject({ username: field.username, password: field.password });
const byTicket = v.strictObject({ ticket: field.ticket });
const byProof = v.strictObject({ verified: field.verified });
const proven = { verificationToken: field.verificationToken };

type SignIn = (options: CallOptions) => Promise<TokenSet>;

/** Ways to become somebody. */
export const signInRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/signin",
    about:
      "Signs in with a password, a code that was shown at `/verification/verify`, a custom ticket or, without a browser, the code of a third party. A name that nobody has is answered as a wrong password is.",
    forms: {
      session: [byPassword, byProof, byTicket],
      tokens: [
        v.strictObject({ ...byPassword.entries, deviceId, captchaToken }),
        v.strictObject({ ...proven, deviceId, captchaToken }),
        v.strictObject({ ...byTicket.entries, deviceId, captchaToken }),
        v.strictObject({
          providerCode: field.providerCode,
          providerId: field.providerId,
          redirectUri: optional.redirectUri,
          deviceId,
          captchaToken,
        }),
      ],
    },
    answers: signedInAnswers,
    async handle(call, body) {
      const { client } = call.auth;
      if ("username" in body) {
        const { username, password } = body;
        return enter(call, body, username, async (options) => {
          const guess = await askAfterGuesses(call, username, body);
          const tokens = await client.signIn({ username, password }, options);
          await guess.succeeded();
          return tokens;
        });
      }
      if ("ticket" in body) {
        return enter(call, body, undefined, (options) => client.signInWithTicket({ ticket: body.ticket }, options));
      }
      if ("providerCode" in body) {
        return enter(call, body, undefined, async (options) => {
          const { providerId, providerCode: code, redirectUri } = body;
          const login = { providerId, code, ...(redirectUri !== undefined && { redirectUri }) };
          const { providerToken } = await client.providers.exchange(login, options);
          return client.signInWithProvider({ providerToken, providerId }, options);
        });
      }
      if ("verificationToken" in body) {
        const { verificationToken } = body;
        return enter(call, body, undefined, (options) => client.signIn({ verificationToken }, options));
      }
      const { verificationToken, recipient } = await requireProof(call);
      return enter(call, body, addressOf(recipient), (options) => client.signIn({ verificationToken }, options));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/signup",
    about:
      "Makes a user of whoever has shown a code. An anonymous user who signs up keeps the user id, and gets another session.",
    forms: {
      session: [v.strictObject({ verified: field.verified, ...profile })],
      tokens: [
        v.strictObject({ email: field.email, ...proven, ...profile, deviceId, captchaToken }),
        v.strictObject({ phoneNumber: field.phoneNumber, ...proven, ...profile, deviceId, captchaToken }),
      ],
    },
    answers: signedInAnswers,
    async handle(call, body) {
      const proof = "verified" in body ? await requireProof(call) : proofIn(body);
      const { recipient, verificationToken, verificationCode } = proof;
      const { username, password, name } = body;
      const caller = await findCallerIfAny(call);
      const input = {
        ...recipient,
        verificationToken,
        ...(verificationCode !== undefined && { verificationCode }),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        ...(name !== undefined && { name }),
        ...(caller?.user.isAnonymous === true && { anonymousToken: caller.accessToken }),
      };
      return enter(call, body, addressOf(recipient), (options) => call.auth.client.signUp(input, options));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/anonymous",
    about:
      "Begins as an anonymous user, in a browser as the same one for 30 days. Whoever is signed in stays who they are.",
    forms: { session: [], tokens: [v.strictObject({ deviceId: field.deviceId })] },
    answers: signedInAnswers,
    async handle(call, body) {
      const caller = call.mode === "session" ? await findCallerIfAny(call) : undefined;
      if (caller !== undefined) return { body: { user: caller.user } };
      await countAttempt(call, "signIn");
      const ownDevice = "deviceId" in body ? body.deviceId : undefined;
      const device = ownDevice ?? (await recall(call, "device"))?.["deviceId"] ?? newDeviceId();
      const tokens = await call.auth.client.signInAnonymously({}, { deviceId: device });
      const reply = await welcome(call, tokens);
      if (call.mode === "session") await keep(call, "device", { deviceId: device }, anonymousDeviceSeconds);
      return reply;
    },
  }),
];

/** Signs in within the limits; whoever is somebody now is anonymous on this device no longer. */
async function enter(call: RouteCall, body: object, account: string | undefined, signIn: SignIn) {
  const attempt = await countAttempt(call, "signIn", account);
  const options = await withCaptchaProof(call, body);
  const tokens = await signIn({ ...options, deviceId: textIn(body, "deviceId") ?? newDeviceId() });
  await attempt.succeeded();
  const reply = await welcome(call, tokens);
  if (call.mode === "session") {
    spendProof(call);
    forget(call, "device");
  }
  return reply;
}
