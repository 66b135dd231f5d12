/**
 * Imported for its effect, by a test or a setup file: Jest's `expect` gets the matchers.
 *
 * @module
 */
import { matchers } from "./matchers.ts";
import type { AuthMatchers } from "./matchers.ts";

declare global {
  namespace jest {
    // The parameters are word for word those of @types/jest.
    interface Matchers<R, T = {}> extends AuthMatchers<R, T> {}
  }
}

const expect: unknown = Reflect.get(globalThis, "expect");
if (!isExtendable(expect)) {
  throw new Error(
    'there is no global expect: import "@cloudbase-auth/testing/jest" within Jest, or call expect.extend(matchers)',
  );
}
expect.extend(matchers);

function isExtendable(value: unknown): value is { extend(matchers: object): void } {
  return typeof value === "function" && "extend" in value && typeof value.extend === "function";
}
