import { expect } from "vitest";

/** The matchers that are used inside of objects, without the `any` that they are typed as. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const anyOf = (constructor: unknown): unknown => expect.any(constructor);
