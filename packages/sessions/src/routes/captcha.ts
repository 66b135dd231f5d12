import type { AuthError } from "@cloudbase-auth/core";
import { field, optional } from "./fields.ts";
import * as v from "valibot";
import { forget, keep, recall } from "./kept-for-browser.ts";
import { countAttempt, countGuess } from "./attempts.ts";
import type { Attempt } from "./attempts.ts";
import { earnedProof, handOverProof } from "./captcha-proof.ts";
import { notYet } from "./proof.ts";
import { ExtendedRefusal } from "./refusal.ts";
import { defineRoute } from "./route.ts";
import type { Route, RouteCall } from "./route.ts";

const pictureSeconds = 300;
const proofSeconds = 600;

/** The captcha, in two steps: a picture, and what the person read in it. */
export const captchaRoute: Route = defineRoute({
  method: "POST",
  path: "/captcha",
  about:
    "Without `answer` a new picture; with it the proof that the picture was read, which then goes with the next calls.",
  forms: {
    session: [v.strictObject({ answer: optional.answer })],
    tokens: [v.strictObject({ answer: field.answer, token: field.token }), v.strictObject({})],
  },
  answers: {
    session: ["image?", "solved?", "expiresInSeconds"],
    tokens: ["image?", "token?", "captchaToken?", "expiresInSeconds"],
  },
  async handle(call, body) {
    await countAttempt(call, "checkCode");
    if (!("answer" in body) || body.answer === undefined) return { body: await takePicture(call) };
    const token = "token" in body ? body.token : (await recall(call, "picture"))?.["token"];
    if (token === undefined) throw notYet(call);
    // One try a picture, also at the server.
    forget(call, "picture");
    const { captchaToken, expiresInSeconds = proofSeconds } = await call.auth.client.captcha.verify({
      token,
      key: body.answer,
    });
    return { body: { ...(await handOverProof(call, captchaToken, expiresInSeconds)), expiresInSeconds } };
  },
});

/** What a browser needs to show a picture. In mode `session` the handle of it is in a sealed cookie. */
async function takePicture(call: RouteCall): Promise<object> {
  const { image, token, expiresInSeconds = pictureSeconds } = await call.auth.client.captcha.data();
  if (call.mode === "tokens") return { image, token, expiresInSeconds };
  await keep(call, "picture", { token }, expiresInSeconds);
  return { image, expiresInSeconds };
}

/** The refusal of a call that needs a captcha, with the picture; without it if there is none to be had now. */
export async function askForCaptcha(call: RouteCall, refusal: AuthError): Promise<ExtendedRefusal> {
  // A proof that was no good this time is none the next time either.
  if (call.mode === "session") forget(call, "captcha");
  const captcha = await takePicture(call).catch(() => undefined);
  return new ExtendedRefusal(refusal, { reason: "captcha_required", ...(captcha && { captcha }) });
}

/**
 * Wants a captcha of whoever has tried too many passwords for an account. Without a picture to be had it wants none:
 * where the environment has no captcha, nobody is kept out by it. Only a proof that was earned here counts: the Auth API
 * judges proofs for accounts that exist, and would tell them from others by one that is made up.
 *
 * @throws ExtendedRefusal captcha_required
 */
export async function askAfterGuesses(call: RouteCall, account: string, body: object): Promise<Attempt> {
  const guess = await countGuess(call, account);
  if (!guess.isTooMany || (await earnedProof(call, body)) !== undefined) return guess;
  const captcha = await takePicture(call).catch(() => undefined);
  if (captcha === undefined) return guess;
  const { auth, request } = call;
  const refusal = auth.refusals.upstreamRejected("captcha_required", 409, undefined);
  throw new ExtendedRefusal(auth.refusalOf(refusal, request) ?? refusal, { reason: "captcha_required", captcha });
}
