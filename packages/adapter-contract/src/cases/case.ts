import type { Expected } from "../expectations.ts";
import type { WireRequest } from "../wire.ts";
import type { World } from "../world.ts";

/** One row of the table. */
export interface ContractCase {
  /** With the ids of the requirements and the RFC sections that it shows. */
  readonly title: string;
  readonly request: (world: World) => WireRequest | Promise<WireRequest>;
  /** What the server can ask of the Auth API: everything, nothing, or the key set alone. @default "reachable" */
  readonly authApi?: "reachable" | "unreachable" | "keySetOnly";
  readonly expected: Expected;
}

export function bearer(token: string): string {
  return `Authorization: Bearer ${token}`;
}
