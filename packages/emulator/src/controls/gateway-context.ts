import { gzipSync } from "node:zlib";
import { examineAccessToken } from "../operations/access-token.ts";
import { isAdministrator } from "../operations/account.ts";
import type { Environment } from "../state/environment.ts";

/** Members of the context, by their names on the wire (npm @cloudbase/functions-typings). */
export interface GatewayContext {
  readonly envId: string;
  /** The account that owns the environment. */
  readonly uin: string;
  readonly source: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly authMethod: "UNAUTHORIZED" | "CAM_TC3" | "TCB_OAUTH2_B" | "TCB_OAUTH2_C" | "WX_SERVER_AUTH";
  readonly userType: "NONE" | "B_SIDE_USER" | "C_SIDE_USER";
  readonly isAdministrator?: boolean;
  readonly accessToken?: string;
  readonly serviceAccessToken?: string;
  readonly userId?: string;
  readonly tmpSecret?: { readonly secretId: string; readonly secretKey: string; readonly token: string };
  readonly wechatContext?: Readonly<Record<string, string>>;
}

/**
 * The value of the header X-Cloudbase-Context that the gateway gives a hosted backend: base64 of gzip of JSON.
 *
 * @param context - what differs from the usual; with an `accessToken` the user is filled in from it
 * @throws TypeError (rejects) for an access token that the gateway would not let through
 */
export async function mintGatewayContext(
  environment: Environment,
  context: Partial<GatewayContext> = {},
): Promise<string> {
  const whole: GatewayContext = {
    envId: environment.envId,
    uin: "100000000001",
    source: "emulator",
    serviceName: "emulator",
    serviceVersion: "emulator-001",
    ...(await userOf(environment, context.accessToken)),
    ...context,
  };
  return gzipSync(JSON.stringify(whole)).toString("base64");
}

async function userOf(environment: Environment, accessToken: string | undefined) {
  if (accessToken === undefined) return { authMethod: "UNAUTHORIZED", userType: "NONE" } as const;
  const examined = await examineAccessToken(environment, accessToken);
  if (examined.state !== "valid") throw new TypeError("accessToken must be a valid access token of this emulator.");
  const { token } = examined;
  if (isAdministrator(token)) {
    return { authMethod: "TCB_OAUTH2_B", userType: "B_SIDE_USER", isAdministrator: true } as const;
  }
  return { authMethod: "TCB_OAUTH2_C", userType: "C_SIDE_USER", userId: token.sub } as const;
}
