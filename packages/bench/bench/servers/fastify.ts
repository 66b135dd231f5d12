import Fastify from "fastify";
import type { FastifyInstance, RouteShorthandOptions, onRequestAsyncHookHandler, onRequestHookHandler } from "fastify";
import { audience, envId, issuer } from "../tokens/claims.ts";
import { cacheSize } from "./contestant.ts";
import type { Contestant, Framework, Given } from "./contestant.ts";
import { createIdeal } from "./ideal.ts";

type Install = (app: FastifyInstance, given: Given) => RouteShorthandOptions | Promise<RouteShorthandOptions>;

const rules = { algorithms: ["RS256" as const], allowedIss: issuer, allowedAud: audience };

const ofFastifyJwt = { part: "peer", failsAt: ["the public key as a secret"] } as const;

const contestants: Readonly<Record<string, Contestant<Install>>> = {
  bare: { part: "bare", fetchesKeys: false, install: () => ({}) },

  "@cloudbase-auth/fastify": {
    part: "ours",
    fetchesKeys: true,
    async install(app, { keyServer }) {
      const { cloudbaseAuth, problemDetails, requireUser } = await import("@cloudbase-auth/fastify");
      app.setErrorHandler(problemDetails());
      await app.register(cloudbaseAuth, { envId, endpoint: keyServer, allowInsecureEndpoint: true });
      return { onRequest: requireUser() };
    },
  },

  "ideal: one look-up": { part: "ideal", fetchesKeys: false, only: "hot", install: ideal("known") },
  "ideal: one check": { part: "ideal", fetchesKeys: false, only: "cold", install: ideal("check") },

  "@fastify/jwt, static key": { ...ofFastifyJwt, fetchesKeys: false, install: staticKey({}) },
  "@fastify/jwt, static key, cache": {
    ...{ ...ofFastifyJwt, fetchesKeys: false, cachesTokens: true },
    install: staticKey({ cache: cacheSize }),
  },

  "@fastify/jwt + get-jwks": {
    ...ofFastifyJwt,
    fetchesKeys: true,
    async install(app, { keyServer }) {
      const { default: fastifyJwt } = await import("@fastify/jwt");
      const { default: buildGetJwks } = await import("get-jwks");
      const getJwks = buildGetJwks();
      await app.register(fastifyJwt, {
        decode: { complete: true },
        verify: rules,
        // The domain is ours and not the token's: get-jwks would ask whoever `iss` names.
        // And by a promise, which @fastify/jwt takes as well as a callback.
        secret(_request: unknown, token: unknown) {
          const { header } = token as { readonly header: { readonly kid: string; readonly alg: string } };
          return getJwks.getPublicKey({ kid: header.kid, alg: header.alg, domain: keyServer });
        },
      } as never);
      return { onRequest: verifyByFastifyJwt };
    },
  },

  "fastify-jwt-jwks": {
    part: "peer",
    fetchesKeys: true,
    async install(app, { keyServer }) {
      const { default: jwtJwks } = await import("fastify-jwt-jwks");
      await app.register(jwtJwks as never, { jwksUrl: `${keyServer}/jwks.json`, audience, issuer } as never);
      const { authenticate } = app as unknown as { readonly authenticate: onRequestAsyncHookHandler };
      return { preValidation: authenticate };
    },
  },

  "jose by hand": {
    part: "by hand",
    fetchesKeys: true,
    async install(_app, { keyServer }) {
      const { createRemoteJWKSet, jwtVerify } = await import("jose");
      const keys = createRemoteJWKSet(new URL("/jwks.json", keyServer));
      const guard: onRequestAsyncHookHandler = async (request, reply) => {
        const [, token = ""] = (request.headers.authorization ?? "").split(" ");
        try {
          await jwtVerify(token, keys, { issuer, audience, algorithms: ["RS256"] });
        } catch {
          await reply.code(401).send();
        }
      };
      return { onRequest: guard };
    },
  },
};

const verifyByFastifyJwt: onRequestAsyncHookHandler = async (request) => {
  await (request as unknown as { jwtVerify(): Promise<unknown> }).jwtVerify();
};

function staticKey(caching: { readonly cache?: number }): Install {
  return async (app, { publicPem }) => {
    const { default: fastifyJwt } = await import("@fastify/jwt");
    await app.register(fastifyJwt, { secret: { public: publicPem }, verify: { ...rules, ...caching } } as never);
    return { onRequest: verifyByFastifyJwt };
  };
}

function ideal(way: "known" | "check"): Install {
  return (app, { publicKey }) => {
    const by = createIdeal(publicKey)[way];
    app.decorateRequest("person", null);
    const guard: onRequestHookHandler = (request, reply, done) => {
      const user = by(request.headers.authorization);
      if (user === undefined) return void reply.code(401).send();
      Object.assign(request, { person: user });
      done();
    };
    return { onRequest: guard };
  };
}

export const onFastify: Framework = {
  name: "Fastify",
  contestants,
  isRival: ({ part, fetchesKeys }) => fetchesKeys && part !== "ours",
  async serve(name, given) {
    const contestant = contestants[name];
    if (contestant === undefined) throw new TypeError(`there is no ${name} on Fastify`);
    const app = Fastify();
    const options = await contestant.install(app, given);
    app.get("/me", options, () => Promise.resolve({ ok: true }));
    await app.ready();
    return app.server;
  },
};
