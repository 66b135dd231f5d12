import { createExtract, parseOrigins } from "../protocol/credentials.ts";
import { protocolToAnswer, readSubprotocol } from "../protocol/subprotocol.ts";
import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { CredentialsSource, Presented } from "../words/credentials.ts";
import { repeatError } from "../words/errors.ts";
import type { ClosableSocket, Upgrade, UpgradeOptions, UpgradeRequest } from "../words/upgrade.ts";
import type { Watch } from "../words/watch.ts";
import type { CloudbaseAuth } from "./cloudbase-auth.ts";
import type { StartWatch } from "./watch.ts";

interface UpgradeParts {
  readonly credentials: readonly CredentialsSource[];
  readonly authenticate: (
    request: AuthRequest,
    read: (request: AuthRequest) => Presented,
  ) => AuthResult | Promise<AuthResult>;
  readonly authorize: CloudbaseAuth["authorize"];
  readonly watch: StartWatch;
}

/** The application's own code for what HTTP says with 401 (RFC 6455 §7.4.2). */
const closeCode = 4401;
const patienceMs = 2_000;

const fromSubprotocol: CredentialsSource = Object.freeze({
  name: "subprotocol",
  readsBody: false,
  read: readSubprotocol,
});
const crossSite: Presented = { kind: "refused", reason: "cross_site" };
const ignore = (): void => {};

/** Finds out who asks for a WebSocket; see `CloudbaseAuth.authenticateUpgrade`. */
export function createAuthenticateUpgrade(parts: UpgradeParts) {
  const { authenticate, authorize, watch } = parts;
  const extract = createExtract([...parts.credentials, fromSubprotocol]);

  async function judge(request: UpgradeRequest, options: UpgradeOptions): Promise<Upgrade> {
    const { allowed, requirement } = readOptions(options);
    const result = await authenticate(request, (asked) => {
      const presented = extract(asked);
      if (presented.kind !== "token" || presented.ambient === undefined) return presented;
      const { origin } = asked.headers;
      return typeof origin === "string" && allowed.has(origin) ? presented : crossSite;
    });
    const error = await authorize(result, requirement, request);
    if (error !== undefined) return { error: repeatError(error, { headers: result.headers ?? {} }) };
    const { auth, user } = result;
    if (auth.state !== "authenticated" || user === undefined) throw new Error("nobody satisfied the requirement");
    return {
      error: undefined,
      auth,
      user,
      protocol: protocolToAnswer(request),
      hold: (socket) =>
        hold(
          watch(result, (next) => authorize(next, requirement, request)),
          socket,
        ),
    };
  }

  return async function authenticateUpgrade(request: UpgradeRequest, options: UpgradeOptions): Promise<Upgrade> {
    const { socket } = request;
    // Node has let go of the socket by now: without a listener, a client that goes away meanwhile ends the process.
    socket?.on("error", ignore);
    try {
      return Object.freeze(await judge(request, options));
    } finally {
      socket?.off("error", ignore);
    }
  };
}

function readOptions(options: Partial<UpgradeOptions> = {}): {
  readonly allowed: ReadonlySet<string>;
  readonly requirement: UpgradeOptions["requirement"];
} {
  const { origins, requirement, ...others } = options;
  if (!Array.isArray(origins))
    throw new TypeError('authenticateUpgrade() needs origins, such as ["https://app.example"]; [] takes no cookie');
  const [odd] = Object.keys(others);
  if (odd !== undefined)
    throw new TypeError(`authenticateUpgrade() has no option "${odd}"; its options are origins and requirement`);
  return { allowed: parseOrigins(origins, "authenticateUpgrade()"), requirement };
}

function hold(watched: Watch, socket: ClosableSocket): Watch {
  const { signal } = watched;
  let timer: NodeJS.Timeout | undefined;
  const close = (): void => {
    socket.close(closeCode, (signal.reason as { readonly reason: string }).reason);
    // Whoever does not answer could go on sending.
    timer = setTimeout(() => socket.terminate?.(), patienceMs).unref();
  };
  socket.addEventListener("close", () => {
    clearTimeout(timer);
    watched.stop();
  });
  signal.addEventListener("abort", close, { once: true });
  return watched;
}
