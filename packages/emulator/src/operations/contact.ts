import { ApiError } from "../errors.ts";
import { sameAddress } from "../state/address.ts";
import type { Environment } from "../state/environment.ts";
import { canSignIn } from "../state/users.ts";
import type { User } from "../state/users.ts";
import { accountToBind, canSudo, noteChange } from "./account.ts";
import { readText, requireText } from "./fields.ts";
import type { UserCall } from "./operation.ts";
import { checkSudoToken } from "./sudo.ts";
import { proveAddress, requireAddress } from "./verification.ts";

const resolutions = ["DEFAULT", "DELETE_ACCOUNT_TRANSFER", "TRANSFER"];

/**
 * PATCH /auth/v1/user/contact (official SDK, EditContactRequest): binds a verified phone number or e-mail address.
 * `conflict_resolution` says what happens when somebody else has it: DEFAULT refuses, DELETE_ACCOUNT_TRANSFER deletes
 * the other account, TRANSFER takes the address away, and deletes the other account if that was its only login.
 *
 * @throws ApiError invalid_argument, invalid_phone_number, invalid_verification_code, permission_denied,
 *   already_exists
 */
export function changeContact(environment: Environment, call: UserCall): object {
  const { body, query, caller } = call;
  const { users } = environment;
  const address = requireAddress(body);
  const ticket = requireText(body, "verification_token");
  const resolution = readText(body, "conflict_resolution") ?? "DEFAULT";
  if (!resolutions.includes(resolution)) {
    throw new ApiError("invalid_argument", `conflict_resolution must be one of ${resolutions.join(", ")}`);
  }
  const account = users.bySub(caller.sub);
  const sudoToken = readText(body, "sudo_token") ?? readText(query, "sudo_token");
  if (sudoToken !== undefined) checkSudoToken(environment, caller.sub, sudoToken);
  else if (account && canSudo(account)) throw new ApiError("permission_denied", "sudo_token is required");
  if (!sameAddress(proveAddress(environment, ticket).address, address)) {
    throw new ApiError("invalid_argument", "phone or email does not match validation code");
  }
  const owner = users.find(address.value);
  const other = owner?.sub === caller.sub ? undefined : owner;
  if (other && resolution === "DEFAULT") {
    throw new ApiError("already_exists", "phone number or email is bound to another user");
  }

  const user = accountToBind(environment, caller);
  environment.verificationTokens.spend(ticket);
  const member = address.kind === "phone" ? "phoneNumber" : "email";
  if (other) giveUp(environment, other, member, resolution === "DELETE_ACCOUNT_TRANSFER");
  users.change(user.sub, { [member]: address.value });
  noteChange(environment, user.sub, caller.clientId, call, address.kind);
  return {};
}

function giveUp(environment: Environment, other: User, member: "phoneNumber" | "email", wholly: boolean): void {
  const { users, sessions } = environment;
  users.change(other.sub, { [member]: undefined });
  const left = users.bySub(other.sub);
  if (!wholly && left && canSignIn(left)) return;
  sessions.endRefreshTokens(other.sub);
  users.remove(other.sub);
}
