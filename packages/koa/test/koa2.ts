import { createRequire } from "node:module";
import type Koa from "koa";

/** Koa 2 under its alias, which has no types of its own; what the tests use is the same in both. */
export const Koa2 = createRequire(import.meta.url)("koa2") as typeof Koa;
