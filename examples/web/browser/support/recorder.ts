import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Passes every request on to the Auth API, and remembers each secret that an answer had. */
export interface Recorder {
  readonly url: string;
  /** Access tokens, refresh tokens and all others that were given out since the last `forget`. */
  readonly secrets: () => readonly string[];
  readonly forget: () => void;
  readonly passOnTo: (endpoint: string) => void;
  readonly close: () => void;
}

/** The members that must never be seen in a browser. */
const secretNames = /^(?:.*_token|verification_id|token)$/;

export async function startRecorder(): Promise<Recorder> {
  const secrets = new Set<string>();
  let endpoint = "";
  const server = createServer((incoming, response) => {
    const { method, headers, url } = incoming;
    const outgoing = request(`${endpoint}${url ?? ""}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("end", () => remember(text));
      answer.pipe(response);
    });
    outgoing.once("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  function remember(text: string): void {
    const answer: unknown = text.startsWith("{") ? JSON.parse(text) : {};
    for (const [name, value] of Object.entries(answer ?? {})) {
      if (secretNames.test(name) && typeof value === "string" && value.length >= 8) secrets.add(value);
    }
  }

  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    secrets: () => [...secrets],
    forget: () => secrets.clear(),
    passOnTo: (to) => void (endpoint = to),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
