import { createServer } from "node:http";
import express from "express";
import type { ErrorRequestHandler, Express, RequestHandler } from "express";
import { audience, envId, issuer } from "../tokens/claims.ts";
import type { Contestant, Framework, Given } from "./contestant.ts";
import { createIdeal } from "./ideal.ts";

interface Guard {
  readonly guards: readonly RequestHandler[];
  readonly errors?: ErrorRequestHandler;
}

type Install = (app: Express, given: Given) => Guard | Promise<Guard>;

const algorithms: ["RS256"] = ["RS256"];

/** As the README of jwks-rsa has it for Express. */
function jwksOptions({ keyServer }: Given) {
  return { cache: true, rateLimit: true, jwksRequestsPerMinute: 5, jwksUri: `${keyServer}/.well-known/jwks.json` };
}

const contestants: Readonly<Record<string, Contestant<Install>>> = {
  bare: { part: "bare", fetchesKeys: false, install: () => ({ guards: [] }) },

  "@cloudbase-auth/express": {
    part: "ours",
    fetchesKeys: true,
    async install(app, { keyServer }) {
      const { cloudbaseAuth, problemDetails, requireUser } = await import("@cloudbase-auth/express");
      app.use(cloudbaseAuth({ envId, endpoint: keyServer, allowInsecureEndpoint: true }));
      return { guards: [requireUser()], errors: problemDetails() };
    },
  },

  "ideal: one look-up": { part: "ideal", fetchesKeys: false, only: "hot", install: ideal("known") },
  "ideal: one check": { part: "ideal", fetchesKeys: false, only: "cold", install: ideal("check") },

  "express-oauth2-jwt-bearer": {
    part: "peer",
    fetchesKeys: true,
    async install(app, { keyServer }) {
      const { auth } = await import("express-oauth2-jwt-bearer");
      app.use(auth({ issuer, jwksUri: `${keyServer}/jwks.json`, audience, tokenSigningAlg: "RS256" }));
      return { guards: [] };
    },
  },

  "express-jwt + jwks-rsa": {
    part: "peer",
    fetchesKeys: true,
    async install(app, given) {
      const { expressjwt } = await import("express-jwt");
      const { default: jwksRsa } = await import("jwks-rsa");
      const secret = jwksRsa.expressJwtSecret(jwksOptions(given));
      app.use(expressjwt({ secret: secret as never, audience, issuer, algorithms }));
      return { guards: [] };
    },
  },

  "passport-jwt + jwks-rsa": {
    part: "peer",
    fetchesKeys: true,
    async install(_app, given) {
      const { default: passport } = await import("passport");
      const { ExtractJwt, Strategy } = await import("passport-jwt");
      const { default: jwksRsa } = await import("jwks-rsa");
      const options = {
        secretOrKeyProvider: jwksRsa.passportJwtSecret(jwksOptions(given)),
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        ...{ audience, issuer, algorithms },
      };
      passport.use(new Strategy(options, (claims: object, done) => done(null, claims)));
      return { guards: [passport.authenticate("jwt", { session: false })] };
    },
  },

  "@clerk/express": {
    part: "peer",
    fetchesKeys: false, // handed over as jwtKey: what Clerk calls networkless
    cannotCheck: ["another issuer"],
    async install(app, { publicPem }) {
      const { clerkMiddleware, getAuth } = await import("@clerk/express");
      const publishableKey = `pk_live_${Buffer.from("clerk.example.com$").toString("base64")}`;
      app.use(clerkMiddleware({ publishableKey, secretKey: "sk_live_bench", jwtKey: publicPem, audience }));
      const guard: RequestHandler = (req, res, next) => {
        if (getAuth(req).userId) next();
        else res.status(401).end();
      };
      return { guards: [guard] };
    },
  },

  "jose by hand": {
    part: "by hand",
    fetchesKeys: true,
    async install(_app, { keyServer }) {
      const { createRemoteJWKSet, jwtVerify } = await import("jose");
      const keys = createRemoteJWKSet(new URL("/jwks.json", keyServer));
      const guard: RequestHandler = async (req, res, next) => {
        try {
          const [, token = ""] = (req.headers.authorization ?? "").split(" ");
          const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms });
          res.locals["user"] = payload;
        } catch {
          res.status(401).end();
          return;
        }
        next();
      };
      return { guards: [guard] };
    },
  },
};

function ideal(way: "known" | "check"): Install {
  return (_app, { publicKey }) => {
    const by = createIdeal(publicKey)[way];
    const guard: RequestHandler = (req, res, next) => {
      const user = by(req.headers.authorization);
      if (user === undefined) return void res.status(401).end();
      res.locals["user"] = user;
      next();
    };
    return { guards: [guard] };
  };
}

/** The status that the error itself names, and nothing in the log: a flood must not measure the console. */
const plainErrors: ErrorRequestHandler = (error: { readonly status?: number }, _req, res, _next) => {
  res.status(error.status ?? 500).end();
};

export const onExpress: Framework = {
  name: "Express",
  contestants,
  isRival: ({ part }) => part === "peer",
  async serve(name, given) {
    const contestant = contestants[name];
    if (contestant === undefined) throw new TypeError(`there is no ${name} on Express`);
    const app = express();
    const { guards, errors = plainErrors } = await contestant.install(app, given);
    app.get("/me", ...guards, (_req, res) => void res.json({ ok: true }));
    app.use(errors);
    return createServer(app);
  },
};
