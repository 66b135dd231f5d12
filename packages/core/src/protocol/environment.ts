const chinaRegions = new Set([
  "ap-shanghai",
  "ap-guangzhou",
  "ap-shenzhen-fsi",
  "ap-shanghai-fsi",
  "ap-nanjing",
  "ap-beijing",
  "ap-chengdu",
  "ap-chongqing",
  "ap-hongkong",
]);

/** An environment id as it may stand in a host name. */
export function isEnvId(value: string): boolean {
  return /^[a-z0-9_-]{1,40}$/.test(value);
}

/** A region name as it may stand in a host name. */
export function isRegion(value: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value);
}

function tcbApiHost(envId: string, region: string): string {
  return `${envId}.${region}.tcb-api.tencentcloudapi.com`;
}

function gatewayHost(envId: string, region: string): string {
  return chinaRegions.has(region) ? `${envId}.api.tcloudbasegateway.com` : `${envId}.api.intl.tcloudbasegateway.com`;
}

/** The origin that serves the Auth API of an environment. Always https. */
export function endpointOf(envId: string, region: string, host: "tcb-api" | "gateway"): string {
  return `https://${host === "gateway" ? gatewayHost(envId, region) : tcbApiHost(envId, region)}`;
}

/**
 * The `iss` values that CloudBase is known to write, exactly as it writes them: the documented samples have plain
 * `http` and no path, newer tokens were seen with the gateway's origin.
 */
export function issuersOf(envId: string, region: string): readonly string[] {
  const tcbApi = tcbApiHost(envId, region);
  return [`http://${tcbApi}`, `https://${tcbApi}`, `https://${gatewayHost(envId, region)}`];
}

/** Where an environment publishes its key set, below the endpoint. */
export const keySetPath = "/auth/v1/certs";
