import type { EndpointGroup } from "./facts.ts";
import { signInGroups } from "./sign-in.ts";
import { tokenGroups } from "./tokens.ts";
import { userGroup } from "./users.ts";

/** The whole API of this release: one row an endpoint. The client's column is made from what the client really sends. */
export const endpointGroups: readonly EndpointGroup[] = [...signInGroups, ...tokenGroups, userGroup];
