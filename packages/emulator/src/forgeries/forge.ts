import { accessTokenClaims } from "../operations/access-token.ts";
import type { Environment } from "../state/environment.ts";
import { createSigningKeys } from "../state/keys.ts";
import type { SigningKey } from "../state/keys.ts";
import { newSubject } from "../state/users.ts";
import { algorithmForgeries, signatureForgeries } from "./algorithms.ts";
import { createCertificate } from "./certificate.ts";
import { claimForgeries, confusionForgeries } from "./claims.ts";
import { headerForgeries, keyForgeries } from "./headers.ts";
import { jsonForgeries, spellingForgeries } from "./spelling.ts";
import type { Forgeries } from "./workshop.ts";

const table = {
  ...algorithmForgeries,
  ...signatureForgeries,
  ...keyForgeries,
  ...headerForgeries,
  ...spellingForgeries,
  ...jsonForgeries,
  ...claimForgeries,
  ...confusionForgeries,
};
const forgeries: Forgeries = table;

/** The name of a token that every verifier must refuse. */
export type ForgeryKind = keyof typeof table;

export const isForgeryKind = (text: string): text is ForgeryKind => Object.hasOwn(table, text);

/** All kinds, each with the reason to refuse it. */
export const forgeryKinds: readonly { readonly kind: ForgeryKind; readonly why: string }[] = Object.entries(
  forgeries,
).flatMap(([kind, { why }]) => (isForgeryKind(kind) ? [{ kind, why }] : []));

export interface ForgedToken {
  readonly token: string;
  /** Why it must be refused, in half a sentence. */
  readonly why: string;
}

export interface ForgeOptions {
  /** Laid over the usual claims, before the forgery's own. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Where `jku`, `x5u` and `kid-url` point. @default an address of the emulator, which serves the forger's key */
  readonly url?: string | undefined;
}

/** Somebody who wants in, with a key of his own. */
export interface Forger {
  forge(kind: ForgeryKind, options?: ForgeOptions): Promise<ForgedToken>;
  /** The forger's key set: what `jku` points to. */
  keySet(): Promise<object>;
  /** The forger's certificate in PEM: what `x5u` points to. */
  certificate(): Promise<string>;
}

export const forgerKeySetPath = "/forged/certs";
export const forgerCertificatePath = "/forged/certificate.pem";

/** @param endpoint - the emulator's origin, known once it listens */
export function createForger(environment: Environment, endpoint: () => string): Forger {
  let made: Promise<{ key: SigningKey; certificate: Buffer }> | undefined;
  const tools = () =>
    (made ??= createSigningKeys(environment.random).then((keys) => {
      const key = keys.current();
      return { key, certificate: createCertificate(key) };
    }));

  return {
    async forge(kind, { claims = {}, url } = {}) {
      if (!Object.hasOwn(table, kind)) throw new TypeError(`no such forgery: "${kind}".`);
      const { key: attacker, certificate } = await tools();
      const genuine = environment.keys.current();
      const usual = accessTokenClaims(environment, {
        sub: newSubject(environment.random),
        clientId: environment.envId,
        scope: "user sso",
        atHash: `r.${environment.random.base64url(16)}`,
        further: { provider_type: "username" },
      });
      const { why, make } = table[kind];
      const token = make({
        header: { alg: "RS256", kid: genuine.published.kid },
        claims: { ...usual, ...claims },
        now: Math.floor(environment.clock.now() / 1000),
        genuine,
        attacker,
        certificate,
        keySetUrl: url ?? `${endpoint()}${forgerKeySetPath}`,
        certificateUrl: url ?? `${endpoint()}${forgerCertificatePath}`,
      });
      return { token, why };
    },
    keySet: async () => ({ keys: [(await tools()).key.published] }),
    async certificate() {
      const lines = (await tools()).certificate.toString("base64").replaceAll(/.{64}/g, "$&\n").trim();
      return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
    },
  };
}
