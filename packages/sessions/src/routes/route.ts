import type { AttemptLimiter, CloudbaseAuth, SessionRequest } from "@cloudbase-auth/core";
import type { SessionKeeper } from "../keeper.ts";
import type { AttemptLimits } from "./attempt-limits.ts";
import type { CaptchaProofs } from "./captcha-proof.ts";
import { readForm } from "./forms.ts";
import type { Form, FormOutput } from "./forms.ts";
import type { LateSignOuts } from "./late-sign-outs.ts";

/** Who keeps the tokens: a session of ours, so that no answer has one; or the client, in the bodies of answers. */
export type Mode = "session" | "tokens";

/** What the routes are made of. */
export interface AuthRoutesParts {
  readonly auth: CloudbaseAuth;
  readonly keeper: SessionKeeper;
  readonly limiter: AttemptLimiter;
  /** The public origin of the application, without a slash at its end. */
  readonly origin: string;
  readonly mode: Mode;
  readonly captchaProofs: CaptchaProofs;
  /** Whether a page of somebody else sent the request, or it cannot be excluded. */
  readonly checkCrossSite: (request: SessionRequest) => boolean;
  /** The path of ours to go to, or `undefined` if it leads elsewhere. */
  readonly returnTo: (text: string) => string | undefined;
  /** @default defaultAttemptLimits */
  readonly limits?: Partial<AttemptLimits> | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told of what never should happen; the client is answered 503. @default process.emitWarning */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** One request on its way through a route. */
export interface RouteCall extends AuthRoutesParts {
  readonly limits: AttemptLimits;
  readonly lateSignOuts: LateSignOuts;
  readonly now: () => number;
  readonly request: SessionRequest;
  /** What the path has in the places of `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Adds `Set-Cookie` values to the answer, whatever becomes of the request. */
  readonly setCookies: (lines: readonly string[]) => void;
}

/** What a route answers: a body, a place to go to, or nothing. */
export interface Reply {
  readonly body?: object;
  /** Answered 303. */
  readonly location?: string;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

type ByMode<Value> = Readonly<Record<Mode, Value>>;

/** One line of the table of routes. */
export interface Route {
  readonly method: Method;
  /** With `:name` for what differs. */
  readonly path: string;
  readonly about: string;
  /** The bodies that it takes, any one of them; a form is told by its first field. No form: no body. */
  readonly forms: ByMode<readonly Form[]>;
  /** The members of its answer; one that may be missing ends in `?`. None: 204. `undefined`: not in this mode. */
  readonly answers: ByMode<readonly string[] | "303" | undefined>;
  /** Parses the body and does what the route is for. */
  readonly run: (call: RouteCall, body: unknown) => Promise<Reply>;
}

type Definition<Session extends Form, Tokens extends Form> = Omit<Route, "forms" | "run"> & {
  readonly forms?: { readonly session?: readonly Session[]; readonly tokens?: readonly Tokens[] };
  readonly handle: (call: RouteCall, body: FormOutput<Session | Tokens>) => Promise<Reply>;
};

/** Ties what a route does to the forms that it takes. */
export function defineRoute<Session extends Form = never, Tokens extends Form = never>({
  forms: { session = [], tokens = [] } = {},
  handle,
  ...route
}: Definition<Session, Tokens>): Route {
  const forms: ByMode<readonly (Session | Tokens)[]> = { session, tokens };
  return {
    ...route,
    forms,
    run: async (call, body) => handle(call, readForm<Session | Tokens>(forms[call.mode], body)),
  };
}
