import { keySetPath } from "../protocol/environment.ts";
import { dialects } from "../protocol/dialect.ts";
import { createBreaker } from "../outside/breaker.ts";
import type { AuthClientCalls } from "../outside/client/create.ts";
import type { HttpClient } from "../outside/http.ts";
import { createIntrospection } from "../outside/introspection.ts";
import type { Introspection } from "../outside/introspection.ts";
import { createKeySet } from "../outside/key-set.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { Revocations, RevokingServer } from "../outside/revocations.ts";
import type { WarningEvent } from "../words/warning.ts";
import { createConfirm } from "./confirm.ts";
import { clientOf } from "./create-client.ts";
import type { EnvironmentSettings } from "./environment-settings.ts";
import { createEnvironmentVerifier } from "./environment-verifier.ts";
import type { EnvironmentVerifier } from "./environment-verifier.ts";
import { createJudge } from "./judge.ts";
import type { Judge } from "./judge.ts";
import type { Settings } from "./settings.ts";
import { createVerifiedTokens } from "./verified-tokens.ts";
import type { VerifiedTokens } from "./verified-tokens.ts";

/** Everything that belongs to one environment and is shared with no other. */
export interface Environment {
  readonly envId: string;
  /** Where its key set is. */
  readonly url: string;
  readonly client: AuthClientCalls;
  readonly keySet: KeySet;
  readonly introspection: Introspection;
  readonly verifier: EnvironmentVerifier;
  readonly judge: Judge;
  readonly verified: VerifiedTokens;
  readonly revoking: RevokingServer;
}

interface Surroundings {
  readonly http: HttpClient;
  readonly revocations: Revocations;
  readonly warn: (event: WarningEvent) => void;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

export function createEnvironment(
  own: EnvironmentSettings,
  settings: Settings,
  { http, revocations, warn, monotonic }: Surroundings,
): Environment {
  const { envId: environment, endpoint, audience } = own;
  const { algorithms, clockToleranceSeconds, now, verification } = settings;
  const url = endpoint + keySetPath;
  const client = clientOf(own, settings, http);
  const forms = dialects[settings.client.dialect ?? "documented"];

  const keySet = createKeySet({
    ...{ url, environment, algorithms, http, warn, monotonic, random: Math.random },
    ...settings.keySet,
  });
  const introspection = createIntrospection({
    ...{
      environment,
      introspect: (input, options) => client.introspect(input, options),
      cache: verification.mode === "local" ? undefined : verification.cache,
      warn,
      now,
      monotonic,
      breaker: createBreaker(monotonic),
    },
    asksAsClient: forms.introspectedToken === "token in the query, with Basic",
  });
  const verifier = createEnvironmentVerifier(keySet, { ...settings, audience }, now);
  const confirm = createConfirm(verification, { introspection, now, monotonic });
  return {
    envId: environment,
    ...{ url, client, keySet, introspection, verifier },
    judge: createJudge({ environment, mode: verification.mode, verifier, revocations, confirm }),
    verified: createVerifiedTokens({
      ...{ environment, limits: settings.tokenCache, keySet, revocations, clockToleranceSeconds, now, monotonic },
    }),
    revoking: {
      revoke: (input, options) => client.revoke(input, options),
      asksAsClient: forms.revocation === "token in the body, with Basic",
    },
  };
}
