import type { Auth } from "@cloudbase/oauth";
import type { Official } from "./official.ts";

/** Has a code sent, reads it in the inbox and trades it for a verification_token. */
export async function prove(
  { emulator }: Official,
  auth: Auth,
  to: { readonly phone_number: string } | { readonly email: string },
  target: "ANY" | "USER" = "ANY",
): Promise<string> {
  const { verification_id = "" } = await auth.getVerification({ ...to, target });
  const verification_code = emulator.inbox.latest("email" in to ? to.email : to.phone_number) ?? "";
  const { verification_token = "" } = await auth.verify({ verification_id, verification_code });
  return verification_token;
}
