import { codeAndTokenRows } from "./codes-and-tokens.ts";
import { providerRows } from "./providers.ts";
import type { WireRow } from "./row.ts";
import { signInRows } from "./sign-in.ts";
import { userRows } from "./user.ts";

/** Every call of the client, and what it must put on the wire in each dialect. */
export const wireRows: readonly WireRow[] = [...signInRows, ...codeAndTokenRows, ...providerRows, ...userRows];
