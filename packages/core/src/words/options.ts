import type { Dispatcher } from "undici";
import type { ClientOptions } from "./client-options.ts";
import type { CredentialsSource } from "./credentials.ts";
import type { Locale } from "./error-catalogue.ts";
import type { RefreshSettings } from "./refresh.ts";
import type { RevocationOptions } from "./revocation.ts";
import type { VerificationMode } from "./verification.ts";
import type { WarningEvent } from "./warning.ts";

/** Signature algorithms that may be allowed for access tokens (RFC 7518 §3.1); symmetric ones and `none` never are. */
export type SignatureAlgorithm = "RS256" | "PS256" | "ES256" | "EdDSA";

/** One CloudBase environment: where its keys are and what its tokens say. */
export interface EnvironmentOptions {
  /**
   * The environment id.
   * @default `CLOUDBASE_ENV_ID`
   */
  readonly envId?: string | undefined;
  /**
   * The region of the environment.
   * @default `CLOUDBASE_REGION`, else `"ap-shanghai"`
   */
  readonly region?: string | undefined;
  /**
   * Which of CloudBase's two host families serves the Auth API: `{env}.{region}.tcb-api.tencentcloudapi.com`
   * or `{env}.api.tcloudbasegateway.com` (its `intl` spelling outside the China regions).
   * @default "tcb-api"
   */
  readonly host?: "tcb-api" | "gateway" | undefined;
  /**
   * Another origin to ask instead: the emulator's or a proxy's, e.g. `http://127.0.0.1:9320`.
   * Plain http is accepted for loopback only, and not when `NODE_ENV` is `production`.
   * @default `CLOUDBASE_AUTH_ENDPOINT`
   */
  readonly endpoint?: string | undefined;
  /** @default `CLOUDBASE_CLIENT_ID` */
  readonly clientId?: string | undefined;
  /** @default `CLOUDBASE_CLIENT_SECRET` */
  readonly clientSecret?: string | undefined;
  /**
   * The accepted audiences; a token must name at least one of them (RFC 7519 §4.1.3).
   * @default the environment id and the client id
   */
  readonly audience?: string | readonly string[] | undefined;
  /**
   * The accepted issuers, compared exactly (RFC 7519 §4.1.1); keys are never looked up from them.
   * @default the three origins that CloudBase is known to write, and `endpoint`'s if it is set
   */
  readonly issuers?: string | readonly string[] | undefined;
}

/** For how long the published keys serve, in seconds. */
export interface KeySetTimes {
  /**
   * The time after which a set must have been asked for anew; it is, ahead of that, in the background. A shorter
   * `max-age` of the answer counts from a minute up. A key that is no longer published dies within this time.
   * @default 600
   */
  readonly ttlSeconds: number;
  /**
   * How much longer the last good keys serve while the endpoint is down; then tokens are answered 503.
   * @default 3600
   */
  readonly maxStaleSeconds: number;
}

/** How much is kept of verified tokens, for each environment. */
export interface TokenCacheLimits {
  /** 0 keeps none. @default 10000 */
  readonly maxTokens: number;
  /** @default 33554432 (32 MiB) */
  readonly maxBytes: number;
}

/** What holds for all environments of one instance. */
export interface SharedOptions {
  /**
   * The accepted signature algorithms; a token's must be one of them and fit its key (RFC 8725 §3.1).
   * @default ["RS256"]
   */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  /**
   * How far clocks may differ, for `exp`, `nbf` and `iat` alike; 0 to 60 seconds.
   * @default 5
   */
  readonly clockToleranceSeconds?: number | undefined;
  /**
   * The longest life (`exp` − `iat`) that a token may claim, in seconds; catches times in milliseconds.
   * @default 604800 (7 days)
   */
  readonly maxTokenLifetimeSeconds?: number | undefined;
  /**
   * `realm` of the challenges (RFC 9110 §11.5).
   * @default "cloudbase"
   */
  readonly realm?: string | undefined;
  /**
   * Language of the texts that clients get: English, Chinese, or the one of both that `Accept-Language` prefers. The
   * texts in `WWW-Authenticate` are English always (RFC 6750 §3).
   * @default "en"
   */
  readonly locale?: Locale | "auto" | undefined;
  /**
   * Where pages about the errors are, such as `https://docs.example/errors`: `type` of a problem, and `docs` of an error,
   * are then `<docsBaseUrl>/<code>`.
   * @default none; `type` is `urn:cloudbase-auth:error:<code>`
   */
  readonly docsBaseUrl?: string | undefined;
  /**
   * Gives every error of a guard the member `explanation`, for development: which condition of the requirement held and
   * which did not (see `explain`). It is in no answer; each `check` of a refused request is called once more, and if one
   * throws then, the explanation is left out.
   * @default false
   */
  readonly explain?: boolean | undefined;
  /** Accept a plain-http `endpoint` anywhere. Whoever sits between can then replace the keys. */
  readonly allowInsecureEndpoint?: boolean | undefined;
  /**
   * Wall clock in milliseconds since the epoch, for the times in tokens.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;
  /** For how long the published keys serve. */
  readonly keySet?: Partial<KeySetTimes> | undefined;
  /**
   * How requests may present a token; more than one in a request is refused.
   * @default [fromHeader()]
   */
  readonly credentials?: readonly CredentialsSource[] | undefined;
  /**
   * How a token is verified.
   * @default { mode: "local" }
   */
  readonly verification?: VerificationMode | undefined;
  /** How refresh tokens are exchanged. */
  readonly refresh?: RefreshSettings | undefined;
  /** How revocations made here and elsewhere are kept. */
  readonly revocation?: RevocationOptions | undefined;
  /** How many verified tokens are kept, so that one that comes back costs no signature check. */
  readonly tokenCache?: Partial<TokenCacheLimits> | undefined;
  /** How `auth.client` speaks; the environment's options hold for it too. */
  readonly client?: ClientOptions | undefined;
  /**
   * undici dispatcher for every request to the Auth API, e.g. a `ProxyAgent`. It stays the caller's to close.
   * @default an agent of the instance's own
   */
  readonly dispatcher?: Dispatcher | undefined;
  /**
   * Told what an operator should know; each code at most once a minute and environment.
   * @default process.emitWarning
   */
  readonly onWarning?: ((event: WarningEvent) => void) | undefined;
}

/**
 * Options of `createCloudbaseAuth`: one environment, or several under `environments`.
 *
 * With `environments`, the `CLOUDBASE_*` variables are not read.
 */
export type CloudbaseAuthOptions = SharedOptions &
  (
    | (EnvironmentOptions & { readonly environments?: undefined })
    | ({ readonly environments: readonly (EnvironmentOptions & { readonly envId: string })[] } & {
        readonly [Name in keyof EnvironmentOptions]?: undefined;
      })
  );
