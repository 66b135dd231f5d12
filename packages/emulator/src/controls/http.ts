import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";
import { forgerCertificatePath, forgerKeySetPath, forgeryKinds, isForgeryKind } from "../forgeries/forge.ts";
import { isFields, requireText } from "../operations/fields.ts";
import type { Fields } from "../operations/fields.ts";
import { parseBody, parseQuery } from "../server.ts";
import { requireLocalCaller } from "./access.ts";
import type { ControlRoom } from "./controls.ts";
import { parseFault } from "./faults.ts";

/** What the JSON body of a control may have; null stands for absent. */
type Control = (body: Fields, request: FastifyRequest) => object | Promise<object>;

const stateLimit = 64 * 1024 * 1024;

/** The controls over HTTP, for tests in any language; open to this machine only. And the forger's own addresses. */
export function addControls(server: FastifyInstance, room: ControlRoom): void {
  const controls: readonly (readonly [method: "GET" | "POST" | "PUT" | "DELETE", path: string, run: Control])[] = [
    ["GET", "/inbox", (_body, request) => readInbox(room, request)],
    ["GET", "/clock", () => readClock(room)],
    ["POST", "/clock", (body) => moveClock(room, body)],
    ["POST", "/keys/rotate", async () => room.rotateKeys().then(() => ({}))],
    ["POST", "/fail", (body) => failNext(room, body)],
    ["GET", "/requests", () => ({ requests: room.requests.entries() })],
    ["DELETE", "/requests", () => (room.requests.clear(), {})],
    ["POST", "/tokens", async (body) => ({ token: await room.issueToken(claimsOf(body)) })],
    ["POST", "/tokens/pair", (body) => room.issueTokens(claimsOf(body))],
    ["GET", "/tokens/forged", () => ({ kinds: forgeryKinds })],
    ["POST", "/tokens/forged", (body) => issueForged(room, body)],
    ["GET", "/custom-login-key", () => room.customLoginKey()],
    ["POST", "/context", async (body) => ({ header: await room.cloudbaseContext(body) })],
    ["POST", "/reset", async (body) => room.reset({ keys: body["keys"] === true }).then(() => ({}))],
    ["GET", "/state", () => room.export()],
    ["PUT", "/state", async (body) => room.import(body).then(() => ({}))],
  ];

  void server.register(
    async (scope) => {
      scope.addHook("onRequest", async (request) => requireLocalCaller(request));
      for (const [method, url, run] of controls) {
        scope.route({
          method,
          url,
          ...(method === "PUT" ? { bodyLimit: stateLimit } : {}),
          handler: async (request) => refusing(async () => run(parseBody(request.body), request)),
        });
      }
    },
    { prefix: "/emulator" },
  );
  server.get(forgerKeySetPath, () => room.forger.keySet());
  server.get(forgerCertificatePath, async (_request, reply) =>
    reply.type("application/pem-certificate-chain").send(await room.forger.certificate()),
  );
}

/** What the library throws for a wrong argument is a refusal here. */
async function refusing(run: () => Promise<object>): Promise<object> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof TypeError) throw new ApiError("invalid_argument", cause.message);
    throw cause;
  }
}

function readInbox({ inbox }: ControlRoom, request: FastifyRequest): object {
  const { to } = parseQuery(request.query);
  // An unescaped "+" in a query means a space; no address starts with one.
  const wanted = typeof to === "string" ? to.replace(/^ /, "+").toLowerCase() : undefined;
  return {
    ...(wanted === undefined ? { captchas: inbox.captchas() } : {}),
    messages: inbox.messages().filter(({ to: sentTo }) => wanted === undefined || sentTo.toLowerCase() === wanted),
  };
}

function readClock({ clock }: ControlRoom): object {
  const now = clock.now();
  return { now, iso: new Date(now).toISOString() };
}

function moveClock(room: ControlRoom, body: Fields): object {
  const { set, advance, reset } = body;
  if (Object.keys(body).length !== 1) throw new TypeError("exactly one of set, advance and reset is required.");
  if (typeof set === "number") room.clock.set(set);
  else if (typeof advance === "number") room.clock.advance(advance);
  else if (reset === true) room.clock.reset();
  else throw new TypeError("set takes epoch milliseconds, advance takes seconds, reset takes true.");
  return readClock(room);
}

function failNext(room: ControlRoom, body: Fields): object {
  const { count = 1 } = body;
  if (typeof count !== "number") throw new TypeError("count must be a number.");
  room.failNext(requireText(body, "endpoint"), parseFault(body["fault"]), count);
  return {};
}

/** JSON has no `undefined`: the claims to leave out are listed by name. */
function claimsOf({ claims = {}, without = [] }: Fields): Fields {
  if (!isFields(claims)) throw new TypeError("claims must be an object.");
  if (!Array.isArray(without)) throw new TypeError("without must be an array of names of claims.");
  return { ...claims, ...Object.fromEntries(without.map((name: unknown) => [String(name), undefined])) };
}

async function issueForged(room: ControlRoom, body: Fields): Promise<object> {
  const kind = requireText(body, "kind");
  if (!isForgeryKind(kind)) throw new TypeError("no such kind of forged token: see GET /emulator/tokens/forged.");
  const { url } = body;
  if (url !== undefined && typeof url !== "string") throw new TypeError("url must be a string.");
  return room.issueForged(kind, { claims: claimsOf(body), url });
}
