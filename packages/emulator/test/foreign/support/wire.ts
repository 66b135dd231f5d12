import { createServer, request as send } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Emulator } from "@cloudbase-auth/emulator";

/** A request as the SDK sent it. The emulator's own log has no values, and no body. */
export interface Sent {
  /** "POST /auth/v1/signin" */
  readonly line: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; `undefined` without a body. */
  readonly body: unknown;
}

export interface Wire {
  /** What the SDK takes for the real host. */
  readonly endpoint: string;
  /** Everything since the last time. */
  take(): readonly Sent[];
  /** The lines of everything since the last time that this was asked. */
  lines(): readonly string[];
  close(): Promise<void>;
}

/** Stands between the SDK and the emulator, writes down what passes, and changes nothing. */
export async function listenIn(emulator: Emulator): Promise<Wire> {
  let passed: Sent[] = [];
  const lines: string[] = [];
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const sent = describeRequest(request, body);
    passed.push(sent);
    lines.push(sent.line);
    const { method, url, headers } = request;
    const onward = send(`${emulator.endpoint}${url ?? ""}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    onward.end(body);
  };
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    take() {
      const taken = passed;
      passed = [];
      return taken;
    },
    lines: () => lines.splice(0),
    close() {
      server.closeAllConnections();
      return new Promise((resolve, reject) => {
        server.close((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
  };
}

function describeRequest({ method, url, headers }: IncomingMessage, body: Buffer): Sent {
  const { pathname, searchParams } = new URL(url ?? "", "http://127.0.0.1");
  return {
    line: `${method ?? ""} ${pathname}`,
    query: Object.fromEntries(searchParams),
    headers,
    body: body.length === 0 ? undefined : JSON.parse(body.toString("utf8")),
  };
}
