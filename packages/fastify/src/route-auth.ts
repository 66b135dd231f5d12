import type { Requirement } from "@cloudbase-auth/core";
import type { FastifyRequest } from "fastify";
import { optionalUser, publicRoute, requireUser } from "./guards.ts";
import type { Guard } from "./guards.ts";

/** Who may call a route, as data: everybody, everybody whose token is not bad, or whom `requireUser()` would let pass. */
// An object by name: Fastify's types intersect what a route says with this, and any word fits an object of options alone.
export type RouteAuth = "public" | "optional" | (Requirement<FastifyRequest> & object);

/**
 * The guard for it.
 *
 * @throws TypeError for what is no `RouteAuth`, with `place` in front
 */
export function guardFor(auth: RouteAuth, place: string): Guard {
  if (auth === "public") return publicRoute();
  if (auth === "optional") return optionalUser();
  if (typeof auth !== "object" || auth === null) {
    throw new TypeError(`${place} must be "public", "optional" or a requirement such as { groups: ["admin"] }`);
  }
  try {
    return requireUser(auth);
  } catch (cause) {
    throw new TypeError(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
