import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A request as it was on the wire. */
export interface Recorded {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server that writes down what it is asked and answers what a test says. */
export interface Recorder {
  readonly endpoint: string;
  readonly requests: Recorded[];
  answer: (request: Recorded, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** A success with every member that any answer of the API needs. */
export const plenty = {
  token_type: "Bearer",
  access_token: "an-access-token",
  refresh_token: "a-refresh-token",
  expires_in: 7200,
  scope: "user",
  sub: "1",
  groups: ["g"],
  verification_id: "vi",
  verification_token: "vt",
  is_user: true,
  provider_token: "pt",
  provider_profile: { provider_id: "wx_open", name: "N" },
  uri: "https://provider.example/authorize",
  sudo_token: "st",
  client_id: "c",
  captcha_token: "ct",
  exist: true,
};

export async function startRecorder(): Promise<Recorder> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const recorded = { line: `${request.method ?? ""} ${request.url ?? ""}`, headers: request.headers, body };
      recorder.requests.push(recorded);
      recorder.answer(recorded, response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the recorder has no port");
  const recorder: Recorder = {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    requests: [],
    answer: ({ line }, response) => {
      const isCaptcha = line.startsWith("POST /auth/v1/captcha/data?");
      const data = isCaptcha
        ? { data: "data:image/gif;base64,R0lG", token: "k" }
        : { data: [{ sub: "2", id: "wx_open", bind: true }], total: 1 };
      response.end(JSON.stringify({ ...plenty, ...data }));
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return recorder;
}
