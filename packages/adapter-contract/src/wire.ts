import { connect } from "node:net";

/** A request as bytes: nothing tidies it up on the way. */
export interface WireRequest {
  readonly method?: string;
  /** @default "/me" */
  readonly target?: string;
  /** @default "contract.test" */
  readonly host?: string;
  /** Whole header lines, without their CRLF, one byte a character (latin1). */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** Line end of the header lines. @default "\r\n" */
  readonly lineEnd?: string;
}

export interface WireResponse {
  readonly status: number;
  /** Names in lower case; a repeated header makes two entries. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Sends one request on a socket of its own and reads the answer to its end. */
export function exchange(port: number, request: WireRequest): Promise<WireResponse> {
  const bytes = formatRequest(request);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer within 10 s")));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => {
      try {
        resolve(parseResponse(Buffer.concat(chunks)));
      } catch (error) {
        reject(error instanceof Error ? error : new Error("unreadable answer", { cause: error }));
      } finally {
        socket.destroy();
      }
    });
  });
}

function formatRequest(request: WireRequest): Buffer {
  const { method = "GET", target = "/me", host = "contract.test", lines = [], body, lineEnd = "\r\n" } = request;
  const head = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, ...lines, "Connection: close"];
  if (body !== undefined) head.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.concat([Buffer.from(`${head.join(lineEnd)}${lineEnd}${lineEnd}`, "latin1"), Buffer.from(body ?? "")]);
}

function parseResponse(bytes: Buffer): WireResponse {
  const split = bytes.indexOf("\r\n\r\n");
  if (split === -1) throw new Error(`not an HTTP answer: ${JSON.stringify(bytes.toString("latin1"))}`);
  const [statusLine = "", ...lines] = bytes.subarray(0, split).toString("latin1").split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  if (headers.some(([name]) => name === "transfer-encoding")) throw new Error("an answer of unknown length");
  return { status: Number(statusLine.split(" ")[1]), headers, body: bytes.subarray(split + 4).toString() };
}
