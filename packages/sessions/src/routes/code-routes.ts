import * as v from "valibot";
import { countAttempt } from "./attempts.ts";
import { captchaRoute } from "./captcha.ts";
import { withCaptchaProof } from "./captcha-proof.ts";
import { field, optional } from "./fields.ts";
import { forget, keep, recall } from "./kept-for-browser.ts";
import { addressOf, notYet, recipientOf } from "./proof.ts";
import { defineRoute } from "./route.ts";
import type { Route } from "./route.ts";

const codeSeconds = 600;

const usages = { sign_in: "SIGN_IN", sign_up: "REGISTER", reset_password: "PASSWORD_RESET" } as const;

const { usage, captchaToken } = optional;
const toEmail = v.strictObject({ email: field.email, usage });
const toPhone = v.strictObject({ phoneNumber: field.phoneNumber, usage });

/** Codes by e-mail and SMS: sent, and shown again. */
export const codeRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/verification",
    about:
      "Sends a code to an e-mail address or a phone number. Whether somebody is known by it is not told here, only to whoever shows the code.",
    forms: {
      session: [toEmail, toPhone],
      tokens: [
        v.strictObject({ ...toEmail.entries, captchaToken }),
        v.strictObject({ ...toPhone.entries, captchaToken }),
      ],
    },
    answers: { session: ["expiresInSeconds"], tokens: ["verificationId", "expiresInSeconds"] },
    async handle(call, body) {
      const recipient = "email" in body ? { email: body.email } : { phoneNumber: body.phoneNumber };
      await countAttempt(call, "sendCode", addressOf(recipient));
      const sent = await call.auth.client.verification.send(
        { ...recipient, ...(body.usage !== undefined && { usage: usages[body.usage] }) },
        await withCaptchaProof(call, body),
      );
      const { verificationId, isUser, expiresInSeconds = codeSeconds } = sent;
      if (call.mode === "tokens") return { body: { verificationId, expiresInSeconds } };
      // One letter, whichever: how long a sealed cookie is tells how long its content is.
      const known = isUser === undefined ? undefined : isUser ? "y" : "n";
      await keep(call, "code", { ...recipient, verificationId, isUser: known }, expiresInSeconds);
      return { body: { expiresInSeconds } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/verification/verify",
    about:
      "Shows the code. The proof is good for one of `/signin`, `/signup`, `/reset`, `PATCH /password` and `DELETE /me`; `isUser` says whether the first or the second.",
    forms: {
      session: [v.strictObject({ code: field.code })],
      tokens: [v.strictObject({ code: field.code, verificationId: field.verificationId, captchaToken })],
    },
    answers: { session: ["isUser?", "expiresInSeconds"], tokens: ["verificationToken", "expiresInSeconds"] },
    async handle(call, body) {
      const { code } = body;
      const kept = "verificationId" in body ? undefined : await recall(call, "code");
      const verificationId = "verificationId" in body ? body.verificationId : kept?.["verificationId"];
      const recipient = kept && recipientOf(kept);
      const attempt = await countAttempt(call, "checkCode", recipient ? addressOf(recipient) : verificationId);
      if (verificationId === undefined) throw notYet(call);
      const { verificationToken, expiresInSeconds = codeSeconds } = await call.auth.client.verification.verify(
        { verificationId, verificationCode: code },
        await withCaptchaProof(call, body),
      );
      await attempt.succeeded();
      if (call.mode === "tokens") return { body: { verificationToken, expiresInSeconds } };
      forget(call, "code");
      await keep(call, "proof", { ...recipient, verificationToken, verificationCode: code }, expiresInSeconds);
      const isUser = kept?.["isUser"];
      return { body: { ...(isUser !== undefined && { isUser: isUser === "y" }), expiresInSeconds } };
    },
  }),
  captchaRoute,
];
