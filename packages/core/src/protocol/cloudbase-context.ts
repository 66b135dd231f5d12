import { isUtf8 } from "node:buffer";
import type { AuthRequest } from "../words/auth.ts";
import type { CredentialsSource, Presented } from "../words/credentials.ts";
import { presentedToken } from "./bearer.ts";
import { parseStrictObject } from "./strict-json.ts";

const headerName = "x-cloudbase-context";
// A token of 8 KiB, temporary credentials and what else there is come to less.
const maxHeaderLength = 16_384;
const maxContextBytes = 16_384;
const jsonLimits = { maxDepth: 8, maxMembers: 200 };
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

const absent: Presented = { kind: "absent" };
const malformed: Presented = { kind: "refused", reason: "malformed_header" };
const repeated: Presented = { kind: "refused", reason: "repeated_header" };

/**
 * The access token in `X-Cloudbase-Context`, the header by which CloudBase's gateway tells a hosted backend who called:
 * base64 of gzip of JSON. Use it alone, and only behind that gateway: `credentials: [fromCloudbaseContext()]`.
 *
 * The token is verified as any other; nothing else in the context is believed, and nothing of it is kept. A context
 * without a token is nothing presented. It is unpacked on every request, which takes about 25 µs for a usual one of 1 KiB
 * and, whatever comes, about a millisecond at most: 16 KiB are looked at, packed and unpacked.
 */
export function fromCloudbaseContext(): CredentialsSource {
  return Object.freeze({ name: "cloudbase context", readsBody: false, read: readContext });
}

function readContext({ headers, rawHeaders }: AuthRequest): Presented {
  const header = headers[headerName];
  if (header === undefined) return absent;
  // Node joins repeated lines by commas.
  if (Array.isArray(header) || header.includes(",") || isRepeated(rawHeaders)) return repeated;
  const text = unpack(header);
  const context = text === undefined ? undefined : parseStrictObject(text, jsonLimits);
  if (context === undefined) return malformed;
  const { accessToken } = context;
  if (accessToken === undefined || accessToken === "") return absent;
  return typeof accessToken === "string" ? presentedToken(accessToken) : malformed;
}

function isRepeated(rawHeaders: readonly string[] = []): boolean {
  const names = rawHeaders.filter((_text, index) => index % 2 === 0);
  return names.filter((name) => name.length === headerName.length && name.toLowerCase() === headerName).length > 1;
}

/** The text that the header packs, if it is packed in the one way that there is. */
function unpack(header: string): string | undefined {
  if (header.length > maxHeaderLength || header.length % 4 !== 0 || !base64.test(header)) return undefined;
  const packed = Buffer.from(header, "base64");
  if (packed.toString("base64") !== header) return undefined;
  let bytes: Buffer;
  try {
    // Not imported: it takes longer to load than most of ours, and few need it.
    bytes = process.getBuiltinModule("node:zlib").gunzipSync(packed, { maxOutputLength: maxContextBytes });
  } catch {
    return undefined;
  }
  return isUtf8(bytes) ? bytes.toString() : undefined;
}
