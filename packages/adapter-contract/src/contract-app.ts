import { all, any, not } from "@cloudbase-auth/core";
import type { Auth, AuthRequest, Check, CloudbaseAuth, CloudbaseUser, Requirement } from "@cloudbase-auth/core";

/** A route of the table: its guard, and nothing that depends on a framework. It answers to every method. */
export interface ContractRoute {
  readonly path: string;
  readonly guard: "none" | "optionalUser" | { readonly requireUser: Requirement | undefined };
}

/** Whose is what is asked for: by a header, as a route's parameter would say it on each framework in another way. */
export const ownerHeader = "x-owner";
const isOwner = (user: CloudbaseUser, request: AuthRequest): boolean => request.headers[ownerHeader] === user.id;
const failing: Check = () => {
  throw new Error("the check failed");
};

/** One description of the application; each adapter only translates it. */
export const contractRoutes: readonly ContractRoute[] = [
  { path: "/open", guard: "none" },
  { path: "/optional", guard: "optionalUser" },
  { path: "/me", guard: { requireUser: undefined } },
  { path: "/read", guard: { requireUser: { scopes: ["read"] } } },
  { path: "/scopes", guard: { requireUser: { scopes: ["write", "read", "admin:all"] } } },
  { path: "/admins", guard: { requireUser: { groups: ["admins"] } } },
  { path: "/admins-of-shop", guard: { requireUser: { groups: ["admins", "shop"] } } },
  { path: "/owners", guard: { requireUser: { roles: ["owner"] } } },
  { path: "/mixed", guard: { requireUser: { scopes: ["read"], groups: ["admins"], roles: ["owner"] } } },
  { path: "/anonymous", guard: { requireUser: { anonymous: "allow" } } },
  { path: "/anonymous-only", guard: { requireUser: { anonymous: "only" } } },
  { path: "/any-scope", guard: { requireUser: { anyScope: ["read", "write"] } } },
  { path: "/providers", guard: { requireUser: { providers: ["email", "phone"] } } },
  { path: "/checked", guard: { requireUser: { check: (user, _auth, request) => isOwner(user, request) } } },
  { path: "/checked-later", guard: { requireUser: { check: async (user, _auth, request) => isOwner(user, request) } } },
  { path: "/check-fails", guard: { requireUser: { check: failing } } },
  { path: "/check-fails-later", guard: { requireUser: { check: async (...asked) => failing(...asked) } } },
  { path: "/fresh", guard: { requireUser: { freshSeconds: 60 } } },
  { path: "/all", guard: { requireUser: all({ scopes: ["read"] }, { groups: ["admins"] }, { scopes: ["write"] }) } },
  { path: "/any", guard: { requireUser: any({ groups: ["admins"] }, { scopes: ["read"] }, { anonymous: "only" }) } },
  { path: "/not", guard: { requireUser: not({ groups: ["suspended"] }) } },
  {
    path: "/composed",
    guard: { requireUser: all({ scopes: ["read"] }, any({ groups: ["admins"] }, { roles: ["owner"] })) },
  },
];

/** What a handler saw of the caller; it is also what it answers. */
export interface Sight {
  readonly state: Auth["state"] | "nothing";
  readonly user: string | null;
  readonly code: string | null;
  readonly reason: string | null;
}

/** What an adapter gets to build its application from. */
export interface ContractApp {
  readonly auth: CloudbaseAuth;
  readonly routes: readonly ContractRoute[];
  /** Whether to mount the adapter's `problemDetails()`; otherwise the framework's own error handling answers. */
  readonly problemDetails: boolean;
  /** Every handler calls it, once, with what stands under `user` and `auth`, and answers 200 with its return as JSON. */
  see(user: CloudbaseUser | undefined, auth: Auth | undefined): Sight;
}

/**
 * With this header, a middleware in front of `cloudbaseAuth()` sets `user` and `auth` to {@link planted}, as another
 * library might.
 */
export const plantHeader = "x-plant";
export const planted = {
  user: { id: "planted", isAnonymous: false, groups: ["admins"], roles: ["owner"], scopes: ["read"] },
  auth: { state: "authenticated" },
};

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Translates the application to a framework and listens on a free port of 127.0.0.1. */
export type StartServer = (app: ContractApp) => Promise<RunningServer>;

export function sightOf(user: CloudbaseUser | undefined, auth: Auth | undefined): Sight {
  const error = auth?.state === "rejected" || auth?.state === "unavailable" ? auth.error : undefined;
  return {
    state: auth?.state ?? "nothing",
    user: user?.id ?? null,
    code: error?.code ?? null,
    reason: error?.reason ?? null,
  };
}
