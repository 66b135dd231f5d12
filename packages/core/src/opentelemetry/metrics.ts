import type { Attributes, Meter, ObservableResult } from "@opentelemetry/api";
import type { DiagnosticsEvents } from "../words/diagnostics.ts";
import type { Listeners } from "./listeners.ts";
import { attributesOfRequest } from "./upstream.ts";

// As the conventions advise for http.client.request.duration.
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Counts what became of requests and of questions to the server, and how long the server took. */
export function createMetrics(meter: Meter): { readonly listeners: Listeners; readonly stop: () => void } {
  const count = (name: string, unit: string, description: string) =>
    meter.createCounter(`cloudbase_auth.${name}`, { unit, description });
  const authentications = count(
    "authentications",
    "{request}",
    "Requests that presented a token, by what became of them",
  );
  const denials = count("denials", "{request}", "Requests that a guard refused");
  const fetches = count("key_set.fetches", "{fetch}", "Fetches of a key set");
  const introspections = count("introspections", "{token}", "Questions to the server whether a token is valid");
  const refreshes = count("refreshes", "{token}", "Exchanges of a refresh token");
  const revocations = count("revocations", "{revocation}", "Revocations, by who was told");
  const duration = meter.createHistogram("http.client.request.duration", {
    unit: "s",
    description: "Duration of HTTP client requests.",
    advice: { explicitBucketBoundaries: durationBounds },
  });

  /** When the last good answer came, in monotonic milliseconds, by environment. */
  const fetchedAt = new Map<string, number>();
  const age = meter.createObservableGauge("cloudbase_auth.key_set.age", {
    unit: "s",
    description: "Time since the key set was last fetched",
  });
  const observeAge = (observed: ObservableResult): void => {
    for (const [environment, at] of fetchedAt) {
      observed.observe((performance.now() - at) / 1_000, { "cloudbase_auth.environment": environment });
    }
  };
  age.addCallback(observeAge);

  const countRefusal = (
    outcome: string,
    event: DiagnosticsEvents["cloudbase-auth:rejected" | "cloudbase-auth:unavailable"],
  ): void => {
    const cacheHit = "cacheHit" in event && event.cacheHit;
    authentications.add(1, { ...attributesOf({ ...event, outcome }), "cloudbase_auth.cache_hit": cacheHit });
  };

  return {
    stop: () => age.removeCallback(observeAge),
    listeners: {
      "cloudbase-auth:authenticated": ({ environment, cacheHit }) =>
        authentications.add(1, {
          ...attributesOf({ environment, outcome: "authenticated" }),
          "cloudbase_auth.cache_hit": cacheHit,
        }),
      "cloudbase-auth:rejected": (event) => countRefusal("rejected", event),
      "cloudbase-auth:unavailable": (event) => countRefusal("unavailable", event),
      "cloudbase-auth:denied": (event) => denials.add(1, attributesOf(event)),
      "cloudbase-auth:key_set_fetch": ({ environment, outcome }) => {
        if (outcome === "fetched") fetchedAt.set(environment, performance.now());
        fetches.add(1, attributesOf({ environment, outcome }));
      },
      "cloudbase-auth:introspection": (event) => introspections.add(1, attributesOf(event)),
      "cloudbase-auth:refresh": ({ kind, ...event }) => refreshes.add(1, attributesOf({ ...event, code: kind })),
      "cloudbase-auth:revocation": ({ revoked, told, ...event }) =>
        revocations.add(1, {
          ...attributesOf(event),
          "cloudbase_auth.revoked": revoked,
          "cloudbase_auth.told": told,
        }),
      "cloudbase-auth:upstream_request": (event) =>
        duration.record(event.durationMs / 1_000, attributesOfRequest(event)),
    },
  };
}

/** The attributes that several metrics share; what is not known is left out. */
function attributesOf(event: {
  readonly environment: string | undefined;
  readonly outcome?: string;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
}): Attributes {
  const { environment, outcome, code, reason } = event;
  return {
    ...(environment !== undefined && { "cloudbase_auth.environment": environment }),
    ...(outcome !== undefined && { "cloudbase_auth.outcome": outcome }),
    ...(code !== undefined && { "error.type": code }),
    ...(reason !== undefined && { "cloudbase_auth.reason": reason }),
  };
}
