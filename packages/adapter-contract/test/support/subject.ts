import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth, CloudbaseAuthOptions } from "@cloudbase-auth/core";
import { bearer } from "../../src/cases/case.ts";
import type { Sight } from "../../src/contract-app.ts";
import { exchange } from "../../src/wire.ts";
import type { StartSmallServer } from "./adapters.ts";
import { envId } from "./issuer.ts";
import type { IssuerKey } from "./issuer.ts";
import { until } from "./until.ts";
import { active, keySetPath, publish, startUpstream } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

/** One server on one adapter, with an instance and an upstream of its own. */
export interface Subject {
  readonly auth: CloudbaseAuth;
  readonly upstream: Upstream;
  readonly port: number;
  /** Presents the token. */
  readonly ask: (token: string, target?: string) => Promise<Answer>;
  /** How many times it was tried to fetch the key set, whether anybody listened or not. */
  readonly fetches: () => number;
  readonly keySetAgeSeconds: () => number | undefined;
}

export interface Answer {
  readonly status: number;
  /** `undefined` if there is none. */
  readonly retryAfter: string | undefined;
  readonly challenge: string | undefined;
  /** From the request to the end of the answer. */
  readonly ms: number;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  /** What the handler saw; `undefined` if the request was refused. */
  readonly sight: Sight | undefined;
}

interface SubjectParts {
  readonly start: StartSmallServer;
  readonly keys: readonly IssuerKey[];
  readonly options?: Partial<CloudbaseAuthOptions>;
  /** Where what has to be closed is registered. */
  readonly onTestFinished: (close: () => Promise<void>) => void;
}

export async function startSubject({ start, keys, options, onTestFinished }: SubjectParts): Promise<Subject> {
  const upstream = await startUpstream(...keys);
  const base: CloudbaseAuthOptions = { envId, endpoint: upstream.endpoint, onWarning: () => undefined };
  const auth = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  const server = await start(auth);
  onTestFinished(async () => {
    await server.close();
    await auth.close();
    await upstream.close();
  });
  const keySet = () => auth.status().environments[0]?.keySet;
  return {
    auth,
    upstream,
    port: server.port,
    fetches: () => keySet()?.fetches ?? 0,
    keySetAgeSeconds: () => keySet()?.ageSeconds,
    async ask(token, target = "/me") {
      const begun = performance.now();
      const { status, headers, body } = await exchange(server.port, { target, lines: [bearer(token)] });
      const at = performance.now();
      const header = (name: string) => headers.find(([candidate]) => candidate === name)?.[1];
      return {
        status,
        retryAfter: header("retry-after"),
        challenge: header("www-authenticate"),
        ms: at - begun,
        at,
        sight: status === 200 ? (JSON.parse(body) as Sight) : undefined,
      };
    },
  };
}

/** Lets the key set fail in the way given. */
export async function breakKeySet({ upstream }: Subject, behaviour: Upstream["keySet"] | undefined): Promise<void> {
  if (behaviour === undefined) await upstream.refuse();
  else upstream.keySet = behaviour;
}

/** Lets introspection fail in the way given; where nobody listens, nothing else answers either. */
export async function breakIntrospection({ upstream }: Subject, behaviour: Upstream["introspection"] | undefined) {
  if (behaviour === undefined) await upstream.refuse();
  else upstream.introspection = behaviour;
}

/** Mends everything, and cuts what is under way. */
export async function repair({ upstream }: Subject, ...keys: readonly IssuerKey[]): Promise<void> {
  upstream.keySet = publish(...keys);
  upstream.introspection = active;
  await upstream.refuse();
  await upstream.listen();
}

export function untilStatus(subject: Subject, token: string, status: number, withinMs?: number): Promise<number> {
  return until(
    async () => (await subject.ask(token)).status,
    (found) => found === status,
    withinMs,
  );
}

/** How often the upstream was asked for its keys; where nobody listens, how often it was tried. */
export function keySetCalls({ upstream, fetches }: Subject, isRefused: boolean): number {
  return isRefused ? fetches() : upstream.count(keySetPath);
}
