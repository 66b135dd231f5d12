import type { Claims } from "@cloudbase-auth/koa";

declare module "@cloudbase-auth/koa" {
  interface CloudbaseClaims {
    readonly tenant?: string;
  }
}

export function read(claims: Claims): unknown[] {
  // Not every token has it, and a claim that was not added may be anything.
  return [claims.tenant.length, claims["other"].length];
}

export function write(claims: Claims): void {
  claims.tenant = "mine";
  claims.sub = "somebody else";
}
