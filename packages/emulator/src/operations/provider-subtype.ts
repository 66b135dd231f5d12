import type { Environment } from "../state/environment.ts";
import { requireText } from "./fields.ts";
import type { ClientCall } from "./operation.ts";
import { findProvider } from "./provider.ts";

/**
 * POST /auth/v1/mgr/provider/providerSubType (official SDK): "NO_AUTH_LOGIN" would be WeChat's sign-in without a
 * question, which no third party of this emulator has.
 *
 * @throws ApiError not_found
 */
export function readProviderSubType(environment: Environment, { body }: ClientCall): object {
  const { id } = findProvider(environment, requireText(body, "provider_id"));
  return { id, provider_sub_type: "" };
}
