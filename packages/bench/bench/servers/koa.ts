import { createServer } from "node:http";
import Koa from "koa";
import type { Middleware } from "koa";
import { audience, envId, issuer } from "../tokens/claims.ts";
import type { Contestant, Framework, Given } from "./contestant.ts";
import { createIdeal } from "./ideal.ts";

type Install = (given: Given) => readonly Middleware[] | Promise<readonly Middleware[]>;

const algorithms = ["RS256"];

const contestants: Readonly<Record<string, Contestant<Install>>> = {
  bare: { part: "bare", fetchesKeys: false, install: () => [] },

  "@cloudbase-auth/koa": {
    part: "ours",
    fetchesKeys: true,
    async install({ keyServer }) {
      const { cloudbaseAuth, problemDetails, requireUser } = await import("@cloudbase-auth/koa");
      return [
        problemDetails(),
        cloudbaseAuth({ envId, endpoint: keyServer, allowInsecureEndpoint: true }),
        requireUser(),
      ];
    },
  },

  "ideal: one look-up": { part: "ideal", fetchesKeys: false, only: "hot", install: ideal("known") },
  "ideal: one check": { part: "ideal", fetchesKeys: false, only: "cold", install: ideal("check") },

  "koa-jwt + jwks-rsa": {
    part: "peer",
    fetchesKeys: true,
    async install({ keyServer }) {
      const { default: jwt } = await import("koa-jwt");
      const { default: jwksRsa } = await import("jwks-rsa");
      // As the README of koa-jwt has it.
      const jwksUri = `${keyServer}/.well-known/jwks.json`;
      const secret = jwksRsa.koaJwtSecret({ jwksUri, cache: true, cacheMaxEntries: 5, cacheMaxAge: 36_000_000 });
      return [jwt({ secret, audience, issuer, algorithms })];
    },
  },

  "jose by hand": {
    part: "by hand",
    fetchesKeys: true,
    async install({ keyServer }) {
      const { createRemoteJWKSet, jwtVerify } = await import("jose");
      const keys = createRemoteJWKSet(new URL("/jwks.json", keyServer));
      return [
        async (ctx, next) => {
          const [, token = ""] = ctx.get("authorization").split(" ");
          const verified = await jwtVerify(token, keys, { issuer, audience, algorithms }).catch(() => undefined);
          if (verified === undefined) return ctx.throw(401);
          ctx.state["user"] = verified.payload;
          await next();
        },
      ];
    },
  },
};

function ideal(way: "known" | "check"): Install {
  return ({ publicKey }) => {
    const by = createIdeal(publicKey)[way];
    return [
      (ctx, next) => {
        const user = by(ctx.req.headers.authorization);
        if (user === undefined) return ctx.throw(401);
        ctx.state["user"] = user;
        return next();
      },
    ];
  };
}

export const onKoa: Framework = {
  name: "Koa",
  contestants,
  isRival: ({ part }) => part === "peer",
  async serve(name, given) {
    const contestant = contestants[name];
    if (contestant === undefined) throw new TypeError(`there is no ${name} on Koa`);
    const app = new Koa();
    app.silent = true; // a flood must not measure the console
    for (const middleware of await contestant.install(given)) app.use(middleware);
    app.use((ctx) => {
      ctx.body = { ok: true };
    });
    const handle = app.callback();
    return createServer((request, response) => void handle(request, response));
  },
};
