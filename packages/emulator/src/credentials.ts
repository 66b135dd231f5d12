/** What an Authorization header presents (RFC 9110 §11.6.2). */
export type Credentials =
  | { readonly scheme: "none" }
  | { readonly scheme: "bearer"; readonly token: string }
  | { readonly scheme: "basic"; readonly id: string; readonly secret: string }
  /** Another scheme, or one of ours written wrongly. */
  | { readonly scheme: "unreadable" };

export function parseAuthorization(header: string | undefined): Credentials {
  if (header === undefined) return { scheme: "none" };
  const [, scheme = "", value = ""] = /^([A-Za-z]+) +(\S+) *$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return { scheme: "bearer", token: value };
    case "basic":
      return parseBasic(value);
    default:
      return { scheme: "unreadable" };
  }
}

/** RFC 7617 §2: the id ends at the first colon, the secret may contain more of them. */
function parseBasic(value: string): Credentials {
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return { scheme: "unreadable" };
  return { scheme: "basic", id: text.slice(0, colon), secret: text.slice(colon + 1) };
}
