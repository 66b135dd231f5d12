import { Socket } from "node:net";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";
import type { Fault } from "./faults.ts";

const hugeBytes = 200 * 1024 * 1024;

/** Lets a request meet its fault on the wire, in the place of the operation. */
export async function meetFault(
  fault: Exclude<Fault, { kind: "slow" }>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  switch (fault.kind) {
    case "status":
      if (fault.body !== undefined) void reply.type(typeof fault.body === "string" ? "text/plain" : "application/json");
      return void reply
        .code(fault.status)
        .headers(fault.headers ?? {})
        .send(typeof fault.body === "object" ? JSON.stringify(fault.body) : fault.body);
    case "error":
      throw new ApiError(fault.error, fault.description ?? "asked for by failNext");
    case "hang":
      reply.hijack();
      request.raw.resume();
      return;
    case "reset":
      reply.hijack();
      // In memory there is no socket; the answer is cut off all the same.
      if (request.raw.socket instanceof Socket) request.raw.socket.resetAndDestroy();
      else reply.raw.destroy();
      return;
    case "drip":
      return void reply.type("application/json").send(dripping(fault.everyMs ?? 100));
    case "garbage":
      return void reply.type("application/json").send('<html><body>{"error":');
    case "huge":
      return void reply.type("application/json").send(Readable.from(hugeObject(), { objectMode: false }));
    case "redirect":
      return void reply.redirect(fault.url, 302);
  }
}

/** The beginning of a JSON object that never ends. */
function dripping(everyMs: number): Readable {
  let timer: NodeJS.Timeout | undefined;
  return new Readable({
    read() {
      timer ??= setInterval(() => this.push(" "), everyMs).unref();
    },
    construct(done) {
      this.push("{");
      done();
    },
    destroy(error, done) {
      clearInterval(timer);
      done(error);
    },
  });
}

function* hugeObject(): Generator<Buffer> {
  const piece = Buffer.alloc(64 * 1024, "x");
  yield Buffer.from('{"filler":"');
  for (let sent = 0; sent < hugeBytes; sent += piece.length) yield piece;
  yield Buffer.from('"}');
}
