import { createHash, hkdfSync } from "node:crypto";

/** What a key is for. What was sealed for one purpose is nothing for another. */
export type Purpose = "session" | "session-id" | "stored-session" | "transaction" | "captcha-proof";

/** One key of a purpose, and the protected header (RFC 7516 §4) of all that is sealed with it, as it is written. */
export interface SealingKey {
  readonly bytes: Uint8Array;
  readonly header: {
    readonly alg: "dir";
    readonly enc: "A256GCM";
    readonly kid: string;
    readonly typ: string;
  };
  readonly writtenHeader: string;
}

/** Derives the keys of a purpose (RFC 5869), the newest first: that one seals, all of them open. */
export function deriveKeys(secrets: readonly string[], purpose: Purpose): readonly SealingKey[] {
  return secrets.map((secret) => {
    const bytes = new Uint8Array(hkdfSync("sha256", secret, "", `cloudbase-auth ${purpose} 1`, 32));
    const kid = createHash("sha256").update(bytes).digest().subarray(0, 8).toString("base64url");
    const header = { alg: "dir", enc: "A256GCM", kid, typ: `cb-${purpose}` } as const;
    return { bytes, header, writtenHeader: Buffer.from(JSON.stringify(header)).toString("base64url") };
  });
}
