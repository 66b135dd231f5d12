import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TLSSocket } from "node:tls";
import { failed, ok } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatDuration, formatMs } from "../terminal/times.ts";
import { inTime } from "./in-time.ts";

const timeoutMs = 5_000;

/** Whether the endpoint takes connections, and whether its certificate is good for its name. */
export async function checkConnection(endpoint: string): Promise<Outcome> {
  const { protocol, hostname, port, host } = new URL(endpoint);
  const name = hostname.replace(/^\[|\]$/g, "");
  const isTls = protocol === "https:";
  const place = { host: name, port: port === "" ? (isTls ? 443 : 80) : Number(port) };
  const startedAt = performance.now();
  const socket = isTls ? connectTls({ ...place, servername: /[a-z]/i.test(name) ? name : "" }) : connectTcp(place);
  try {
    await inTime(timeoutMs, opened(socket, isTls ? "secureConnect" : "connect"));
    const took = formatMs(performance.now() - startedAt);
    if (!isTls) return ok(`${host} takes connections (${took}); plain http, no TLS`);
    return ok(`${host} takes connections (${took}), ${tlsOf(socket as TLSSocket)}`);
  } catch (error) {
    return failureOf(error, host);
  } finally {
    socket.destroy();
  }
}

function opened(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.on("error", reject);
  });
}

function tlsOf(socket: TLSSocket): string {
  const endsAt = Date.parse(socket.getPeerCertificate().valid_to);
  const left = formatDuration((endsAt - Date.now()) / 1_000);
  return `${socket.getProtocol() ?? "TLS"}, certificate good for ${left} more`;
}

function failureOf(error: unknown, host: string): Outcome {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ECONNREFUSED":
      return failed(
        `nothing listens at ${host} (ECONNREFUSED)`,
        "Start what should listen there (the emulator: cloudbase-auth emulator --env …), or correct the endpoint.",
      );
    case "":
      return failed(
        `${host} did not take the connection within ${String(timeoutMs / 1_000)} s`,
        `A firewall or security group most likely drops it: allow this machine to reach it.${proxyHint()}`,
      );
    case "CERT_HAS_EXPIRED":
      return failed(
        `the certificate of ${host} has expired`,
        "If this machine's date is right, the one who runs that server has to renew it.",
      );
    default:
      if (/CERT|SIGNATURE|SIGNED|ISSUER/.test(code)) {
        return failed(
          `the certificate of ${host} is not one to trust (${code})`,
          "Check the endpoint; if a proxy of yours answers there, give its authority to Node.js in NODE_EXTRA_CA_CERTS.",
        );
      }
      if (code.startsWith("ERR_SSL") || code === "EPROTO") {
        return failed(`${host} speaks no TLS (${code})`, "Correct the endpoint: is it http, or another port?");
      }
      return failed(
        `${host} cannot be connected to (${code})`,
        `Check this machine's network, and the endpoint.${proxyHint()}`,
      );
  }
}

/** Somebody who has to go through a proxy most likely thinks that it is used. */
function proxyHint(): string {
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
  const name = names.find((candidate) => (process.env[candidate] ?? "") !== "");
  return name === undefined
    ? ""
    : ` ${name} is set, which servers use only with option dispatcher, and this not at all.`;
}
