import type { KeyObject } from "node:crypto";
import type { Server } from "node:http";

/** What a server checks tokens with. */
export interface Given {
  readonly publicKey: KeyObject;
  readonly publicPem: string;
  /** Origin of a key server that is the contestant's own. */
  readonly keyServer: string;
}

/** One way of guarding a route. */
export interface Contestant<Install> {
  readonly install: Install;
  /** The bare route and the ideals are what the others are measured by; by hand is what one writes without a middleware. */
  readonly part: "bare" | "ours" | "ideal" | "peer" | "by hand";
  /** Whether it gets its keys from a key set; the others are handed the one key. */
  readonly fetchesKeys: boolean;
  /** Whether it keeps verified tokens. */
  readonly cachesTokens?: boolean;
  /** An ideal of the one kind is none of the other. */
  readonly only?: "hot" | "cold";
  /** What the library has no option for. */
  readonly cannotCheck?: readonly string[];
  /** What it refuses with a 500 where 401 would be right. */
  readonly failsAt?: readonly string[];
}

/** The contestants of one framework, and how one of them is served. */
export interface Framework {
  readonly name: string;
  readonly contestants: Readonly<Record<string, Omit<Contestant<unknown>, "install">>>;
  /** Those whose best one the bar for known tokens is laid on. */
  readonly isRival: (contestant: Omit<Contestant<unknown>, "install">) => boolean;
  /** A server that answers `GET /me` with a small JSON, the same behind every guard; not yet listening. */
  readonly serve: (contestant: string, given: Given) => Promise<Server>;
}

/** How many verified tokens a cache may hold; ours has as many by default. */
export const cacheSize = 10_000;
