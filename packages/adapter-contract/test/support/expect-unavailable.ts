import { expect } from "vitest";
import { bounds, leastHangMs } from "./bounds.ts";
import type { Answer } from "./subject.ts";

/** 503 that says when to come back, and never a challenge. */
export function expectUnavailable({ status, retryAfter, challenge }: Answer): void {
  expect({ status, challenge }).toEqual({ status: 503, challenge: undefined });
  expect(retryAfter).toMatch(/^[1-9]\d?$/);
}

/** That an answer did not take longer than the failure that it tells of. */
export function expectPrompt({ at, ms }: Answer, hangs: boolean, failedAt: number): void {
  if (hangs) {
    expect(ms).toBeGreaterThan(leastHangMs);
    expect(ms).toBeLessThan(bounds.hangMs);
  } else {
    expect(at - Math.max(at - ms, failedAt)).toBeLessThan(bounds.afterFailureMs);
  }
}
