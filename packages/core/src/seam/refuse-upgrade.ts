import type { Duplex } from "node:stream";
import { formatProblemAnswer } from "../protocol/problem.ts";
import type { AuthError } from "../words/errors.ts";

/**
 * Answers a request to become a WebSocket with the error, as `application/problem+json` (RFC 9457), and ends the
 * connection: for the sockets that Node hands to the listeners of `upgrade`.
 *
 * Browsers tell a page nothing of it, neither the status nor the body.
 */
export function refuseUpgrade(socket: Duplex, error: AuthError): void {
  const { status, headers, body } = formatProblemAnswer(error, undefined);
  // Not imported: node:http takes longer to load than all of ours, and whoever comes here has it.
  const { STATUS_CODES } = process.getBuiltinModule("node:http");
  const lines = Object.entries({ ...headers, "Content-Length": String(Buffer.byteLength(body)), Connection: "close" });
  const head = [`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}`, ...lines.map((line) => line.join(": "))];
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
