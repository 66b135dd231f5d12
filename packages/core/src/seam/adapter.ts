import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import type { CloudbaseAuthOptions } from "../words/options.ts";
import type { CheckedRequirement } from "../words/checked-requirement.ts";
import { createCloudbaseAuth } from "./create.ts";
import type { CloudbaseAuth } from "./cloudbase-auth.ts";
import type { Sessions } from "./sessions.ts";

/** Names under which the framework's request carries the result. */
export interface PropertyNames {
  /** @default "user" */
  readonly user?: string | undefined;
  /** @default "auth" */
  readonly auth?: string | undefined;
}

interface AdapterOptions {
  /** Other names for `user` and `auth`, to live beside another library that claims them. */
  readonly property?: PropertyNames | undefined;
}

/**
 * What `cloudbaseAuth(x)` takes: an instance, options for one, `{ auth: instance }` with the adapter's own options, or
 * `{ session: createSessions(…) }` with them.
 */
export type AdapterInput =
  | CloudbaseAuth
  | (CloudbaseAuthOptions & AdapterOptions & { readonly auth?: undefined; readonly session?: undefined })
  | (AdapterOptions & { readonly auth: CloudbaseAuth; readonly session?: undefined })
  | (AdapterOptions & { readonly session: Sessions; readonly auth?: undefined });

/** What {@link openAdapter} made of it. */
export interface AdapterSettings {
  readonly auth: CloudbaseAuth;
  /** By the instance, or by the sessions in front of it. */
  readonly authenticate: (request: AuthRequest) => AuthResult | Promise<AuthResult>;
  /** Whether the instance was made here, so that the adapter may close it with the application. */
  readonly owned: boolean;
  readonly property: { readonly user: string; readonly auth: string };
}

/** Reads what `cloudbaseAuth(x)` was given. @throws TypeError naming the option and the fix */
export function openAdapter(input: AdapterInput = {}): AdapterSettings {
  if ("auth" in input && "answer" in input) {
    throw new TypeError("sessions are given as an option: cloudbaseAuth({ session: sessions })");
  }
  if ("authenticate" in input) return settingsOf(input, input, undefined);
  const { property, auth, session, ...options } = input;
  if (auth === undefined && session === undefined) {
    const own = createCloudbaseAuth(options);
    return { ...settingsOf(own, own, property), owned: true };
  }
  const [surplus] = [...Object.keys(options), ...(auth !== undefined && session !== undefined ? ["auth"] : [])];
  if (surplus !== undefined) {
    const [beside, maker] = session === undefined ? ["auth", "createCloudbaseAuth"] : ["session", "createSessions"];
    throw new TypeError(`option ${surplus} has no effect beside option ${beside}; give it to ${maker}() instead`);
  }
  return session === undefined ? settingsOf(auth, auth, property) : settingsOf(session.auth, session, property);
}

function settingsOf(
  auth: CloudbaseAuth,
  { authenticate }: Pick<CloudbaseAuth, "authenticate">,
  property: PropertyNames | undefined,
): AdapterSettings {
  return { auth, authenticate, owned: false, property: checkProperty(property) };
}

function checkProperty(property: PropertyNames | undefined): AdapterSettings["property"] {
  const { user = "user", auth = "auth", ...rest } = property ?? {};
  const [surplus] = Object.keys(rest);
  if (surplus !== undefined) throw new TypeError(`option property has no member "${surplus}"; use user and auth`);
  if (typeof user !== "string" || typeof auth !== "string" || user === "" || auth === "" || user === auth) {
    throw new TypeError('option property must give two different names, e.g. { user: "person", auth: "personAuth" }');
  }
  return { user, auth };
}

/** What the core reads of a request whose token may come in the body, wherever the framework keeps that. */
export function requestWithBody(request: AuthRequest, body: unknown): AuthRequest {
  const { headers, rawHeaders, method, url } = request;
  return { headers, method, url, body, ...(rawHeaders && { rawHeaders }) };
}

// A symbol, not a name: no other library puts a value there, so a guard never trusts a `req.user` of somebody else.
const attachedKey = Symbol.for("@cloudbase-auth/attached");

/** What the middleware leaves on the request for the guards. */
interface Attached {
  readonly auth: CloudbaseAuth;
  readonly result: AuthResult;
}

/**
 * Leaves the result for what runs behind: under the names of `property` in `holder` for the handlers, over whatever
 * another library put there, and under a symbol on `carrier` for the guards.
 */
export function attach(carrier: object, settings: AdapterSettings, result: AuthResult, holder: object = carrier): void {
  const { auth, property } = settings;
  const attached: Attached = { auth, result };
  // Plain assignments: defining properties costs more than everything else that a known token does.
  (holder as Record<string, unknown>)[property.user] = result.user;
  (holder as Record<string, unknown>)[property.auth] = result.auth;
  (carrier as Record<symbol, unknown>)[attachedKey] = attached;
}

/**
 * Calls `conclude` once, with the error that `take` finds in the answer or with nothing: at once when the answer is
 * there, and without a promise of its own; else when it settles. For frameworks with callbacks.
 */
export function passOn<T>(
  answer: T | Promise<T>,
  take: (value: T) => AuthError | undefined | void,
  conclude: (error?: Error) => void,
): void {
  if (answer instanceof Promise) {
    // Whatever a promise is rejected with must stop the request: to the frameworks `undefined` and "route" mean "go on".
    const stop = (cause: unknown): void => {
      conclude(cause instanceof Error ? cause : new Error("the request could not be judged", { cause }));
    };
    answer.then(take).then((error) => conclude(error ?? undefined), stop);
    return;
  }
  conclude(take(answer) ?? undefined);
}

/** Whether {@link attach} was here before. */
export function isIdentified(carrier: object): boolean {
  return (carrier as Record<symbol, unknown>)[attachedKey] !== undefined;
}

/** What {@link attach} left. @throws Error if it left nothing; `guard` is who asks */
export function attachedTo(carrier: object, guard: string): Attached {
  const attached = (carrier as Record<symbol, unknown>)[attachedKey];
  if (attached === undefined) {
    throw new Error(
      `${guard} ran on a request that cloudbaseAuth() has not seen; mount cloudbaseAuth() in front of it`,
    );
  }
  return attached as Attached;
}

/**
 * The verdict of `requireUser(requirement)` on a request.
 *
 * @throws Error if `cloudbaseAuth()` did not run before
 */
export function decide<Request>(
  carrier: object,
  requirement: CheckedRequirement<Request>,
  request: Request,
): AuthError | undefined | Promise<AuthError | undefined> {
  const { auth, result } = attachedTo(carrier, "requireUser()");
  // The core hands the request on to the requirement's own `check` and looks at nothing of it.
  return auth.authorize(result, requirement as unknown as CheckedRequirement, request as AuthRequest);
}

/**
 * The verdict of `optionalUser()` on a request: absent and anonymous pass, a bad token does not become "nobody".
 *
 * @throws Error if `cloudbaseAuth()` did not run before
 */
export function refusalOf(carrier: object, request: Pick<AuthRequest, "headers">): AuthError | undefined {
  const { auth: instance, result } = attachedTo(carrier, "optionalUser()");
  const { auth } = result;
  if (auth.state !== "rejected" && auth.state !== "unavailable") return undefined;
  return instance.refusalOf(auth.error, request);
}
