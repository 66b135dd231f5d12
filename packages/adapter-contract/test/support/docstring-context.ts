import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Given } from "./compile-blocks.ts";
import type { Block } from "./markdown-blocks.ts";
import { root } from "./processes.ts";

const declare = (name: string, type: string): Given => ({ [name]: `declare const ${name}: ${type};` });

/** What an example takes for granted wherever it stands. */
const everywhere: Given = {
  ...declare("auth", 'import("@cloudbase-auth/core").CloudbaseAuth'),
  ...declare("accessToken", "string"),
  ...declare("emulator", 'import("@cloudbase-auth/emulator").Emulator'),
  ...declare("ordersOf", "(userId: string | undefined) => Promise<string[]>"),
  ...declare("password", "string"),
  ...declare("username", "string"),
};

const ofExpress: Given = {
  ...declare("app", 'import("express").Express'),
  ...declare("removePost", 'import("express").RequestHandler'),
  express: 'import express from "express";',
};

/** And what its package brings along. */
const byPackage: Readonly<Record<string, Given>> = {
  core: {
    ...declare("req", 'import("express").Request'),
    ...declare("request", 'import("express").Request'),
    ...declare("response", 'import("node:http").ServerResponse'),
    ...declare("server", 'import("node:http").Server'),
    ...declare("sockets", 'import("ws").WebSocketServer'),
    ...declare("count", "(code: string, reason: string | undefined) => void"),
    ...declare("pino", "(options: { serializers: object }) => { info(what: object, text: string): void }"),
  },
  express: ofExpress,
  fastify: {
    ...declare("app", 'import("fastify").FastifyInstance'),
    ...declare("removePost", 'import("fastify").RouteHandlerMethod'),
    ...declare("listReports", 'import("fastify").RouteHandlerMethod'),
    Fastify: 'import Fastify from "fastify";',
  },
  koa: {
    ...declare("app", 'import("koa")<import("@cloudbase-auth/koa").CloudbaseState>'),
    ...declare("router", 'import("@koa/router").Router<import("@cloudbase-auth/koa").CloudbaseState>'),
    ...declare("removePost", 'import("koa").Middleware'),
    Koa: 'import Koa from "koa";',
  },
  sessions: ofExpress,
  testing: {
    ...ofExpress,
    ...declare("testAuth", 'import("@cloudbase-auth/testing").TestAuth'),
    ...declare("sendMe", 'import("express").RequestHandler'),
    request: 'import request from "supertest";',
  },
};

/** The packages whose names an example may use without importing them, its own first. */
const others: Readonly<Record<string, readonly string[]>> = {
  express: ["sessions"],
  fastify: ["sessions"],
  koa: ["sessions"],
  sessions: ["express"],
  testing: ["express"],
};

export function givenToDocstrings({ place }: Block): Given {
  const name = place.split("/")[1] ?? "";
  const imports = [...(others[name] ?? []), "core", name].map(importsOf);
  return Object.assign({}, everywhere, byPackage[name], ...imports) as Given;
}

/** By name, the import of what the package's door lets out. */
function importsOf(name: string): Given {
  const doors = ["index.ts", ...(name === "fastify" ? ["plain.ts"] : [])];
  const text = doors.map((door) => readFileSync(join(root, `packages/${name}/src/${door}`), "utf8")).join("");
  const lists = [...text.matchAll(/export (type )?\{([^}]*)\}/g)];
  const lines = lists.flatMap(([, type = "", list = ""]) =>
    [...list.matchAll(/(?<!as )\b(?!as\b|type\b|default\b)\w+/g)].map(([exported]) => {
      return [exported, `import ${type}{ ${exported} } from "@cloudbase-auth/${name}";`] as const;
    }),
  );
  return Object.fromEntries(lines);
}
