import { keySetPath } from "../protocol/environment.ts";
import type { HttpClient } from "../outside/http.ts";
import { createKeySet } from "../outside/key-set.ts";
import type { KeySet } from "../outside/key-set.ts";
import type { WarningEvent } from "../words/warning.ts";
import type { EnvironmentSettings } from "./environment-settings.ts";
import { createEnvironmentVerifier } from "./environment-verifier.ts";
import type { EnvironmentVerifier } from "./environment-verifier.ts";
import type { Settings } from "./settings.ts";
import { createVerifiedTokens } from "./verified-tokens.ts";
import type { VerifiedTokens } from "./verified-tokens.ts";

/** Everything that belongs to one environment and is shared with no other. */
export interface Environment {
  readonly envId: string;
  /** Where its key set is. */
  readonly url: string;
  readonly keySet: KeySet;
  readonly verifier: EnvironmentVerifier;
  readonly verified: VerifiedTokens;
}

interface Surroundings {
  readonly http: HttpClient;
  readonly warn: (event: WarningEvent) => void;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

export function createEnvironment(
  { envId, endpoint, audience }: EnvironmentSettings,
  settings: Settings,
  { http, warn, monotonic }: Surroundings,
): Environment {
  const { algorithms, clockToleranceSeconds, now } = settings;
  const url = endpoint + keySetPath;
  const clock = { monotonic, random: Math.random };
  const keySet = createKeySet({ url, environment: envId, algorithms, http, warn, ...settings.keySet, ...clock });
  return {
    envId,
    url,
    keySet,
    verifier: createEnvironmentVerifier(keySet, { ...settings, audience }, now),
    verified: createVerifiedTokens({ limits: settings.tokenCache, keySet, clockToleranceSeconds, now }),
  };
}
