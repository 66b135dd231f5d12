import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** An answer as far as it can be read; status 0 if the server closed the connection without one. */
export interface RawAnswer {
  readonly status: number;
  /** The header lines, in latin1. */
  readonly head: string;
  readonly body: string;
}

/** One connection that carries one request after the other, and is opened anew once it has been closed. */
export interface KeepAlive {
  /** Rejects if nothing comes within 10 seconds. */
  readonly exchange: (request: Buffer, isHead: boolean) => Promise<RawAnswer>;
  /** A later request opens another. */
  readonly close: () => void;
}

const longestMs = 10_000;
const closed: RawAnswer = { status: 0, head: "", body: "" };

export function openKeepAlive(port: number): KeepAlive {
  let socket: Socket | undefined;
  let received = "";
  let ended = false;
  let look: () => void = () => undefined;

  async function open(): Promise<Socket> {
    if (socket !== undefined && !ended) return socket;
    socket?.destroy();
    received = "";
    ended = false;
    const opened = connect(port, "127.0.0.1").setNoDelay();
    socket = opened;
    await once(opened, "connect");
    opened.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      look();
    });
    // A reset after the answer is the server's right; whether there was an answer is looked at below.
    for (const event of ["end", "close", "error"] as const) {
      opened.on(event, () => {
        if (socket !== opened) return;
        ended = true;
        look();
      });
    }
    return opened;
  }

  /** A server may close an idle connection while a request is on its way; a client then asks once more. */
  async function exchange(request: Buffer, isHead: boolean): Promise<RawAnswer> {
    const wasOpen = socket !== undefined && !ended;
    const answer = await exchangeOnce(request, isHead);
    return wasOpen && answer.status === 0 ? exchangeOnce(request, isHead) : answer;
  }

  async function exchangeOnce(request: Buffer, isHead: boolean): Promise<RawAnswer> {
    const on = await open();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        ended = true;
        reject(new Error(`no answer within ${longestMs} ms to ${JSON.stringify(request.toString("latin1"))}`));
      }, longestMs);
      look = () => {
        const found = readAnswer(received, isHead, ended);
        if (found === undefined && !ended) return;
        clearTimeout(timer);
        look = () => undefined;
        received = found?.rest ?? "";
        if (found === undefined || /^connection: close/im.test(found.answer.head)) ended = true;
        resolve(found?.answer ?? closed);
      };
      on.write(request);
    });
  }

  function close(): void {
    ended = true;
    socket?.destroy();
  }

  return { exchange, close };
}

function readAnswer(
  text: string,
  isHead: boolean,
  isAll: boolean,
): { readonly answer: RawAnswer; readonly rest: string } | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  const after = text.slice(end + 4);
  // 100 Continue and its like come ahead of the answer.
  if (status < 200) return readAnswer(after, isHead, isAll);
  if (isHead || status === 204 || status === 304) return { answer: { status, head, body: "" }, rest: after };
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const last = after.indexOf("0\r\n\r\n");
    return last === -1
      ? undefined
      : { answer: { status, head, body: after.slice(0, last) }, rest: after.slice(last + 5) };
  }
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length === undefined) return isAll ? { answer: { status, head, body: after }, rest: "" } : undefined;
  if (after.length < Number(length)) return undefined;
  return { answer: { status, head, body: after.slice(0, Number(length)) }, rest: after.slice(Number(length)) };
}
