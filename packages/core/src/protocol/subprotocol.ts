import type { AuthRequest } from "../words/auth.ts";
import type { Presented } from "../words/credentials.ts";
import { presentedToken } from "./bearer.ts";

const bearerProtocol = "bearer";

/**
 * The token of `new WebSocket(url, ["bearer", token])`: what follows the subprotocol `bearer` in Sec-WebSocket-Protocol
 * (RFC 6455 §11.3.4), which is all that a browser lets a page say in a handshake.
 */
export function readSubprotocol(request: Pick<AuthRequest, "headers">): Presented {
  const offered = offeredProtocols(request);
  const at = offered.indexOf(bearerProtocol);
  if (at === -1) return { kind: "absent" };
  if (offered.lastIndexOf(bearerProtocol) !== at) return { kind: "refused", reason: "repeated_header" };
  const token = offered[at + 1];
  return token === undefined ? { kind: "refused", reason: "malformed_header" } : presentedToken(token);
}

/**
 * The subprotocol that the answer must name, as browsers fail a handshake whose offer is not answered (RFC 6455 §4.1):
 * the first. That is never the token, which stands behind `bearer` and would get into logs.
 */
export function protocolToAnswer(request: Pick<AuthRequest, "headers">): string | undefined {
  return offeredProtocols(request)[0];
}

/** In their order; several header lines are one list (RFC 6455 §11.3.4). */
function offeredProtocols({ headers }: Pick<AuthRequest, "headers">): readonly string[] {
  const header = headers["sec-websocket-protocol"];
  if (header === undefined) return [];
  return (Array.isArray(header) ? header.join(",") : header)
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
