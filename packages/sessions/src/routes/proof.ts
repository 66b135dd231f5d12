import type { Recipient } from "@cloudbase-auth/core";
import { forget, recall } from "./kept-for-browser.ts";
import type { RouteCall } from "./route.ts";

/** What a code that was shown is worth. */
export interface Proof {
  readonly verificationToken: string;
  readonly verificationCode: string | undefined;
  readonly recipient: Recipient;
}

/** The proof that the browser earned at `/verification/verify`. @throws AuthError `upstream_rejected` (precondition) */
export async function requireProof(call: RouteCall): Promise<Proof> {
  const kept = await recall(call, "proof");
  const recipient = kept && recipientOf(kept);
  if (kept?.["verificationToken"] === undefined || recipient === undefined) throw notYet(call);
  return {
    verificationToken: kept["verificationToken"],
    verificationCode: kept["verificationCode"],
    recipient,
  };
}

/** The proof that a client which keeps its tokens itself sends along. */
export function proofIn(
  body: { readonly verificationToken: string } & ({ readonly email: string } | { readonly phoneNumber: string }),
): Proof {
  const recipient = "email" in body ? { email: body.email } : { phoneNumber: body.phoneNumber };
  return { verificationToken: body.verificationToken, verificationCode: undefined, recipient };
}

/** The proof has done what it is for. */
export function spendProof(call: RouteCall): void {
  forget(call, "proof", "code");
}

/** Something comes first that was not done. */
export function notYet({ auth }: RouteCall): Error {
  return auth.refusals.upstreamRejected("precondition", 409, undefined);
}

/** Where a code went, as it was kept. */
export function recipientOf(kept: Readonly<Record<string, string>>): Recipient | undefined {
  const { email, phoneNumber } = kept;
  if (email !== undefined) return { email };
  return phoneNumber === undefined ? undefined : { phoneNumber };
}

export function addressOf(recipient: Recipient): string {
  return recipient.email ?? recipient.phoneNumber;
}

/** A field that only some forms have. */
export function textIn(body: object, name: string): string | undefined {
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : undefined;
}
