/**
 * Imported for its effect, by a test or a setup file: Vitest's `expect` gets the matchers.
 *
 * @module
 */
import { expect } from "vitest";
import { matchers } from "./matchers.ts";
import type { AuthMatchers } from "./matchers.ts";

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends AuthMatchers<R, T> {}
}

expect.extend({ ...matchers });
