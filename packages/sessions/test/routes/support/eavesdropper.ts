import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between the routes and the Auth API, and keeps whatever that calls a token, an id of a code, or a code. */
export interface Eavesdropper {
  readonly endpoint: string;
  /** Everything secret that went either way so far. */
  readonly heard: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

const secretNames = /token$|^verification_(id|code)$|password$|^code$|^provider_code$|^ticket$/;
const kinds = /^(Bearer|image)$/;

export async function eavesdrop(upstream: string): Promise<Eavesdropper> {
  const heard = new Set<string>();
  const listen = (text: string): void => {
    const said: unknown = text.startsWith("{") ? JSON.parse(text) : {};
    for (const [name, value] of Object.entries(said as object)) {
      if (typeof value === "string" && secretNames.test(name) && !kinds.test(value)) heard.add(value);
    }
  };
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
      listen(body);
      const headers = Object.fromEntries(
        Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]),
      );
      for (const name of ["host", "connection", "content-length", "transfer-encoding"]) delete headers[name];
      const { method = "GET", url = "/" } = request;
      const answer = await fetch(upstream + url, { method, headers, ...(body !== "" && { body }) });
      const text = await answer.text();
      listen(text);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
    };
    forward().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
