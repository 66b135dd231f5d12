import type { Facts } from "./token-facts.ts";

interface Advice {
  readonly what: string;
  readonly fix: string;
}

const asIssued = "Send the access_token exactly as the sign-in answered it.";
const ownKey = ["jku", "jwk", "x5u", "x5c", "crit", "b64"];

/** What most likely became of a text that is no token in its one spelling. */
export function adviseOnForm({ token, parts, header, claims }: Facts): Advice {
  if (/[\s,]/.test(token)) {
    return {
      what: "there is white space or a comma inside",
      fix: "It was broken across lines, or is two: copy it whole.",
    };
  }
  if (token.length > 8_192)
    return { what: `it has ${String(token.length)} characters, and no token is that long`, fix: asIssued };
  if (parts === 1) {
    return {
      what: "it is not a signed token: a refresh token, a code or a ticket looks like that",
      fix: "Send the access_token, which has three parts with dots between them; refresh tokens go to no API of yours.",
    };
  }
  if (parts === 5)
    return { what: "it is an encrypted token (JWE)", fix: "CloudBase issues none; look where it comes from." };
  if (parts !== 3)
    return { what: `it has ${String(parts)} parts instead of 3`, fix: `It was cut off or is not a token. ${asIssued}` };
  if (token.endsWith(".")) return { what: "it has no signature", fix: "Nobody vouches for it; accept it nowhere." };
  const brought = ownKey.find((name) => header !== undefined && name in header);
  if (brought !== undefined) {
    return {
      what: `its header has ${brought}, by which it would bring its own key`,
      fix: "CloudBase issues no such token; somebody made it.",
    };
  }
  if (header === undefined || claims === undefined) {
    const part = header === undefined ? "first" : "second";
    return {
      what: `its ${part} part is no JSON object in base64url`,
      fix: `It was cut off or changed on the way. ${asIssued}`,
    };
  }
  if (typeof header["kid"] !== "string") {
    return {
      what: "its header names no key (kid)",
      fix: "CloudBase's tokens name theirs; it was issued by somebody else.",
    };
  }
  return { what: "it is spelled in another way than it was issued", fix: asIssued };
}
