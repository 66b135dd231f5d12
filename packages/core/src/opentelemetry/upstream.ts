import type { Attributes } from "@opentelemetry/api";
import type { UpstreamRequestEvent } from "../words/diagnostics.ts";

/** What metrics and spans of a request say alike, in the words of the conventions for HTTP clients. */
export function attributesOfRequest({
  environment,
  call,
  method,
  url,
  status,
  error,
}: UpstreamRequestEvent): Attributes {
  const { protocol, hostname, port } = new URL(url);
  const errorType = errorTypeOf({ status, error });
  return {
    "http.request.method": method,
    "server.address": hostname,
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    ...(status !== undefined && { "http.response.status_code": status }),
    ...(errorType !== undefined && { "error.type": errorType }),
    "cloudbase_auth.environment": environment,
    "cloudbase_auth.call": call,
  };
}

/** The status of an answer that says so, or why there was none. */
export function errorTypeOf({ status, error }: Pick<UpstreamRequestEvent, "status" | "error">): string | undefined {
  if (status === undefined) return error ?? "_OTHER";
  return status >= 400 ? String(status) : undefined;
}
