import type { CallOptions } from "@cloudbase-auth/core";
import type { Sealer } from "../sealer.ts";
import { formatRecord, parseTransaction } from "../session-record.ts";
import { keep, recall } from "./kept-for-browser.ts";
import { textIn } from "./proof.ts";
import type { RouteCall } from "./route.ts";

/** Of proofs that go through the hands of a client, so that one that was made up is told from one that was earned. */
export interface CaptchaProofs {
  readonly seal: (captchaToken: string, lifeSeconds: number) => Promise<string>;
  /** What was sealed, unless it has ended. */
  readonly open: (sealed: string) => Promise<string | undefined>;
}

const key = "captcha";

/** `now` in milliseconds since the epoch. */
export function createCaptchaProofs(sealer: Sealer, now: () => number): CaptchaProofs {
  return {
    seal: (captchaToken, lifeSeconds) =>
      sealer.seal(formatRecord({ key, endsAt: now() + lifeSeconds * 1_000, data: { captchaToken } })),
    async open(sealed) {
      const unsealed = await sealer.open(sealed);
      const record = unsealed && parseTransaction(unsealed.bytes);
      return record?.key === key && now() < record.endsAt ? record.data["captchaToken"] : undefined;
    },
  };
}

/** Hands over a proof that was earned: to the browser or, in mode `tokens`, in the answer. */
export async function handOverProof(call: RouteCall, captchaToken: string, lifeSeconds: number): Promise<object> {
  if (call.mode === "tokens") return { captchaToken: await call.captchaProofs.seal(captchaToken, lifeSeconds) };
  await keep(call, "captcha", { captchaToken }, lifeSeconds);
  return { solved: true };
}

/** The proof that was earned here, if the request has one: the browser's or, in mode `tokens`, the body's. */
export async function earnedProof(call: RouteCall, body: object): Promise<string | undefined> {
  if (call.mode === "session") return (await recall(call, "captcha"))?.["captchaToken"];
  const shown = textIn(body, "captchaToken");
  return shown && call.captchaProofs.open(shown);
}

/** With the proof of a captcha, where there is one. One that the client has from elsewhere is the Auth API's to judge. */
export async function withCaptchaProof(call: RouteCall, body: object): Promise<CallOptions> {
  return { captchaToken: (await earnedProof(call, body)) ?? textIn(body, "captchaToken") };
}
