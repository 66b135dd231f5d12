import type { Credentials } from "./credentials.ts";
import type { Admission } from "./endpoints.ts";
import { ApiError } from "./errors.ts";
import { examineAccessToken } from "./operations/access-token.ts";
import type { AccessToken } from "./operations/access-token.ts";
import { identifyClient } from "./operations/client.ts";
import type { Call } from "./operations/operation.ts";
import type { Environment } from "./state/environment.ts";

/**
 * Checks what an endpoint asks of its caller, then runs the operation.
 *
 * @throws ApiError what the operation throws, and invalid_client, unauthorized_client, unauthenticated,
 *   failed_precondition ("token expiry", a stale Bearer where none is needed)
 */
export async function admit(environment: Environment, endpoint: Admission, call: Call): Promise<object> {
  switch (endpoint.auth) {
    case "none":
      return endpoint.operation(environment, call);
    case "client":
      return endpoint.operation(environment, { ...call, client: identifyClient(environment, call) });
    case "client, no stale bearer": {
      const client = identifyClient(environment, call);
      await refuseStaleBearer(environment, call.credentials);
      return endpoint.operation(environment, { ...call, client });
    }
    case "user":
      return endpoint.operation(environment, {
        ...call,
        caller: await requireUser(environment, endpoint, call.credentials),
      });
  }
}

async function requireUser(
  environment: Environment,
  endpoint: Extract<Admission, { auth: "user" }>,
  credentials: Credentials,
): Promise<AccessToken> {
  const refusedAs = endpoint.refusedAs ?? "unauthenticated";
  if (credentials.scheme !== "bearer") throw new ApiError(refusedAs, "access token is required");
  const examined = await examineAccessToken(environment, credentials.token);
  if (examined.state === "valid") return examined.token;
  throw new ApiError(refusedAs, examined.state === "expired" ? "token expiry" : "access token is invalid");
}

async function refuseStaleBearer(environment: Environment, credentials: Credentials): Promise<void> {
  if (credentials.scheme !== "bearer") return;
  const { state } = await examineAccessToken(environment, credentials.token);
  if (state === "expired") throw new ApiError("failed_precondition", "token expiry");
  if (state === "invalid") throw new ApiError("unauthenticated", "access token is invalid");
}
