import type { Behaviour } from "./upstream.ts";

/** A way in which a server fails. */
export interface Fault {
  readonly name: string;
  /** What it does with a request; `undefined`: nobody listens at all. */
  readonly behaviour: Behaviour | undefined;
  /** How many requests meet it: many for those that are most unlike each other, fewer for the rest. */
  readonly requests: number;
  /** Whether the failure shows by the 2 seconds that a call may take, and by nothing else. */
  readonly hangs: boolean;
}

/** @param elsewhere where the redirect leads; there would be what was asked for */
export function faultsOf(elsewhere: string): readonly Fault[] {
  const atOnce: readonly (readonly [name: string, behaviour: Behaviour | undefined])[] = [
    ["refused", undefined],
    ["500", (_request, response) => response.writeHead(500, json).end("{}")],
    ["reset", (request) => request.socket.resetAndDestroy()],
    ["HTML", (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>sign in")],
    ["302", (request, response) => response.writeHead(302, { location: elsewhere + (request.url ?? "") }).end()],
    ["200 MB", floodWithSpaces],
    ["empty", (_request, response) => response.writeHead(200, json).end()],
    ["an array", (_request, response) => response.writeHead(200, json).end("[]")],
    ["cut off", cutOff],
  ];
  const hanging: readonly (readonly [name: string, behaviour: Behaviour])[] = [
    ["hang", () => undefined],
    ["drip", drip],
  ];
  return [...atOnce, ...hanging].map(([name, behaviour]) => {
    const requests = ["refused", "500", "hang"].includes(name) ? 100 : 20;
    return { name, behaviour, requests, hangs: hanging.some(([of]) => of === name) };
  });
}

/** What is good comes, but late: still within the 2 seconds. */
export const slowMs = 1_200;
export function slow(behaviour: Behaviour): Behaviour {
  return (request, response) => void setTimeout(() => behaviour(request, response), slowMs);
}

const json = { "content-type": "application/json" };

const drip: Behaviour = (_request, response) => {
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(" "), 100);
  response.once("close", () => clearInterval(timer));
};

const cutOff: Behaviour = (_request, response) => {
  response.writeHead(200, { ...json, "content-length": "1000" }).write('{"keys":[');
  setImmediate(() => response.destroy());
};

const piece = Buffer.alloc(1 << 16, 0x20);

/** 200 MB if it is let. */
function floodWithSpaces(...[_request, response]: Parameters<Behaviour>): void {
  response.writeHead(200, json);
  let sent = 0;
  const more = (): void => {
    while (sent < 200 * 16 && !response.destroyed) {
      sent += 1;
      if (!response.write(piece)) {
        response.once("drain", more);
        return;
      }
    }
    response.end();
  };
  more();
}
