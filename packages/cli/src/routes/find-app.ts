import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Exports } from "./load-from-app.ts";

/** An application or a router, and whose it is. */
export interface FoundApp {
  readonly app: object;
  readonly framework: "express" | "koa" | "fastify";
  readonly ready: () => Promise<unknown>;
}

const usualNames = ["default", "app", "router", "server", "createApp", "buildApp", "build"];

/** The application among the exports of a module; a function that makes one is called. @throws CommandError */
export async function findApp(exported: Exports): Promise<FoundApp> {
  const names = [...usualNames.filter((name) => name in exported), ...Object.keys(exported)];
  for (const name of new Set(names)) {
    const value = exported[name];
    const found = appOf(value) ?? (usualNames.includes(name) ? appOf(await made(value)) : undefined);
    if (found !== undefined) return found;
  }
  throw new CommandError(
    exitCodes.usage,
    "The module exports no application of Express, Koa or Fastify, and no function that makes one.",
    "Export it: export const app = express(). The file that starts it can import it from there and listen.",
  );
}

async function made(value: unknown): Promise<unknown> {
  if (typeof value !== "function" || value.length > 0) return undefined;
  const result: unknown = await Reflect.apply(value, undefined, []);
  return result;
}

function appOf(value: unknown): FoundApp | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const has = (name: string): boolean => name in value && typeof Reflect.get(value, name) === "function";
  const framework = has("register") && has("ready") ? "fastify" : frameworkOf(value, has);
  if (framework === undefined) return undefined;
  const ready = async (): Promise<unknown> =>
    framework === "fastify" ? Reflect.apply(Reflect.get(value, "ready"), value, []) : undefined;
  return { app: value, framework, ready };
}

function frameworkOf(value: object, has: (name: string) => boolean): "express" | "koa" | undefined {
  if (typeof value === "function") return has("use") && has("get") && has("route") ? "express" : undefined;
  const isKoa = "middleware" in value && Array.isArray(value.middleware) && has("callback");
  const isKoaRouter = "stack" in value && Array.isArray(value.stack) && has("routes");
  return isKoa || isKoaRouter ? "koa" : undefined;
}
