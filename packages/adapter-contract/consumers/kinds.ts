import { existsSync, readFileSync } from "node:fs";

/** What somebody installs: packages of ours, and what is theirs. */
export interface Kind {
  readonly name: string;
  /** Of ours; what these depend on comes with them. */
  readonly packages: readonly string[];
  readonly others: Readonly<Record<string, string>>;
  /** The program, a file of `apps`; without one the package's door is opened, and no more. */
  readonly app: string | undefined;
  /** How many servers the program starts; each is asked. */
  readonly servers: number;
  /** Where the framework's own types have errors, which skipLibCheck has to pass over. */
  readonly skipLibCheck: boolean;
}

const express5 = { express: "^5.0.0", "@types/express": "^5.0.0" };
const koa3 = { koa: "^3.0.0", "@types/koa": "^3.0.0" };
const fastify5 = { fastify: "^5.0.0" };
const ioredis = { ioredis: "^6.0.0" };

const known: readonly Kind[] = [
  alone("core", {}),
  { ...alone("express", { express: "^4.21.0", "@types/express": "^4.17.21" }), name: "express on Express 4" },
  { ...alone("express", express5), name: "express on Express 5" },
  { ...alone("koa", { koa: "^2.15.0", "@types/koa": "^2.15.0" }), name: "koa on Koa 2" },
  { ...alone("koa", koa3), name: "koa on Koa 3", skipLibCheck: true },
  { ...alone("fastify", fastify5), name: "fastify on Fastify 5" },
  { ...alone("sessions", {}), packages: ["sessions", "core"] },
  { ...alone("redis", ioredis), packages: ["redis", "core"] },
  alone("emulator", {}),
  { ...alone("testing", {}), packages: ["testing", "core"] },
  { ...alone("cli", {}), servers: 0 },
];

/** All kinds, with those of packages that have no program here, and all packages together. */
export function kindsOf(packages: readonly string[]): readonly Kind[] {
  const rest = packages.filter((name) => !known.some((kind) => kind.packages[0] === name));
  const together: Kind = {
    ...{ name: "all together", packages, others: { ...express5, ...koa3, ...fastify5, ...ioredis } },
    ...{ app: "together", servers: 4, skipLibCheck: true },
  };
  const there = known.filter((kind) => kind.packages.every((name) => packages.includes(name)));
  return [...there, ...rest.map((name) => alone(name, {})), together];
}

function alone(name: string, others: Readonly<Record<string, string>>): Kind {
  const hasApp = existsSync(new URL(`apps/${name}.ts`, import.meta.url));
  const app = hasApp ? name : undefined;
  return { name, packages: [name], others, app, servers: hasApp ? 1 : 0, skipLibCheck: false };
}

/** The program, in TypeScript. */
export function sourceOf({ app, packages }: Kind): string {
  if (app !== undefined) return readFileSync(new URL(`apps/${app}.ts`, import.meta.url), "utf8");
  return [
    `import * as door from "@cloudbase-auth/${packages[0] ?? ""}";`,
    `const names: readonly string[] = Object.keys(door);`,
    `if (names.length === 0) throw new Error("nothing is behind the door");`,
    "",
  ].join("\n");
}
