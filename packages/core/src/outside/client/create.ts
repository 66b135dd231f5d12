import { dialects } from "../../protocol/dialect.ts";
import { createTicket } from "../../protocol/ticket.ts";
import type { CustomLoginKey } from "../../protocol/ticket.ts";
import type { ClientOptions } from "../../words/client-options.ts";
import { createApiCaller, newId } from "../api-call.ts";
import { withCaptcha } from "../captcha-round.ts";
import type { HttpClient } from "../http.ts";
import { createAccountCalls } from "./account.ts";
import type { AccountCalls } from "./account.ts";
import { createCaptchaCalls } from "./captcha.ts";
import type { CaptchaCalls } from "./captcha.ts";
import { createProviderCalls } from "./providers.ts";
import type { ProviderCalls } from "./providers.ts";
import { createSignInCalls } from "./sign-in.ts";
import type { SignInCalls } from "./sign-in.ts";
import { createTokenCalls } from "./tokens.ts";
import type { TokenCalls } from "./tokens.ts";
import { createUserReadCalls } from "./user.ts";
import type { UserReadCalls } from "./user.ts";
import { createVerificationCalls } from "./verification.ts";
import type { VerificationCalls } from "./verification.ts";

/**
 * The Auth v2 API, typed. Every call takes an input object and `CallOptions`, resolves with the answer and its
 * `requestId`, and rejects with `AuthApiError`.
 */
export interface AuthClientCalls extends SignInCalls, VerificationCalls, TokenCalls {
  readonly user: UserReadCalls & AccountCalls;
  readonly providers: ProviderCalls;
  readonly captcha: CaptchaCalls;
  /** A ticket for `signInWithTicket`, signed here with the custom login key; sends nothing. */
  createTicket(input: {
    readonly key: CustomLoginKey;
    readonly uid: string;
    readonly refreshMs?: number;
    readonly expireAt?: number;
  }): string;
}

interface ClientParts {
  readonly envId: string;
  readonly endpoint: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly options: ClientOptions;
  readonly http: HttpClient;
  readonly now: () => number;
}

/** Puts the groups of calls together over one transport. */
export function createClientCalls({
  envId,
  endpoint,
  clientId = envId,
  clientSecret,
  options,
  http,
  now,
}: ClientParts): AuthClientCalls {
  const {
    dialect = "documented",
    deviceId = newId(),
    connectTimeoutMs = 1_000,
    timeoutMs = 5_000,
    onCaptcha,
  } = options;
  const forms = dialects[dialect];
  const call = createApiCaller({
    environment: envId,
    ...{ endpoint, clientId, clientSecret, forms, deviceId, connectTimeoutMs, timeoutMs, http },
    monotonic: () => performance.now(),
    random: Math.random,
  });
  const context = { environment: envId, call: withCaptcha(call, onCaptcha), forms, clientId, clientSecret };
  return Object.freeze({
    ...createSignInCalls(context),
    ...createVerificationCalls(context),
    ...createTokenCalls(context),
    user: Object.freeze({ ...createUserReadCalls(context), ...createAccountCalls(context) }),
    providers: Object.freeze(createProviderCalls(context)),
    captcha: Object.freeze(createCaptchaCalls({ ...context, call })),
    createTicket: (input: Parameters<AuthClientCalls["createTicket"]>[0]) =>
      createTicket({ ...input, envId, now: now() }),
  });
}
