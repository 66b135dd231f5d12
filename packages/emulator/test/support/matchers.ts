import { expect } from "vitest";

/** Vitest's asymmetric matchers are `any`; these can stand in a typed object. */
export const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const aNumber: unknown = expect.any(Number);
export const aString: unknown = expect.any(String);
