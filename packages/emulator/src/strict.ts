import type { Endpoint } from "./endpoints.ts";
import { ApiError } from "./errors.ts";
import { readText } from "./operations/fields.ts";
import type { Call, Operation } from "./operations/operation.ts";

/** A form that an official skill text uses and the HTTP API reference does not have. */
interface SkillForm {
  readonly endpoint: string;
  readonly matches: (call: Call) => boolean;
  readonly refusal: () => ApiError;
}

/** Paths that only the skill text has: in strict mode they are not there. */
const skillPaths = ["/auth/v1/signin-anonymously", "/auth/v1/user/providers"];

/** Basic is documented for one thing: an API key that gets a token for itself. */
const basicEndpoints = ["POST /auth/v1/token/clientCredential", "POST /auth/v1/token"];

/** Everything else that the skill text writes otherwise. The first row that matches refuses. */
const skillForms: readonly SkillForm[] = [
  {
    endpoint: "GET /auth/v1/token/introspect",
    matches: ({ credentials }) => credentials.scheme !== "bearer",
    refusal: () => new ApiError("unauthenticated", "access token is required"),
  },
  {
    endpoint: "POST /auth/v1/verification",
    matches: ({ body }) => readText(body, "target") === undefined,
    refusal: () => new ApiError("invalid_argument", "target is required"),
  },
  {
    endpoint: "PATCH /auth/v1/user/password",
    // Without an old password it is the operation that asks: whoever has nothing to show needs no sudo_token.
    matches: (call) => lacksSudoToken(call) && readText(call.body, "old_password") !== undefined,
    refusal: () => new ApiError("permission_denied", "sudo_token is required"),
  },
  {
    endpoint: "DELETE /auth/v1/user/me",
    matches: lacksSudoToken,
    refusal: () => new ApiError("permission_denied", "sudo_token is required"),
  },
  {
    endpoint: "POST /auth/v1/token",
    matches: ({ credentials, body }) =>
      credentials.scheme === "basic" && readText(body, "grant_type") !== "client_credentials",
    refusal: basicRefusal,
  },
];

/** The API as the reference has it: without the skill text's paths, and with its forms refused. */
export function documentedOnly(all: readonly Endpoint[]): readonly Endpoint[] {
  return all.filter(({ path }) => !skillPaths.includes(path)).map((endpoint) => refusingSkillForms(endpoint));
}

function refusingSkillForms(endpoint: Endpoint): Endpoint {
  const guarded =
    <In extends Call>(operation: Operation<In>): Operation<In> =>
    (environment, call) => {
      refuseSkillForm(`${endpoint.method} ${endpoint.path}`, call);
      return operation(environment, call);
    };
  switch (endpoint.auth) {
    case "none":
      return { ...endpoint, operation: guarded(endpoint.operation) };
    case "client":
    case "client, no stale bearer":
      return { ...endpoint, operation: guarded(endpoint.operation) };
    case "user":
      return { ...endpoint, operation: guarded(endpoint.operation) };
  }
}

/** Runs once the caller is admitted. */
function refuseSkillForm(endpoint: string, call: Call): void {
  const form = skillForms.find((row) => row.endpoint === endpoint && row.matches(call));
  if (form) throw form.refusal();
  if (call.credentials.scheme === "basic" && !basicEndpoints.includes(endpoint)) throw basicRefusal();
}

function lacksSudoToken({ query, body }: Call): boolean {
  return (readText(query, "sudo_token") ?? readText(body, "sudo_token")) === undefined;
}

function basicRefusal(): ApiError {
  return new ApiError("unauthenticated", "client_id and client_secret are no credentials here: send query client_id");
}
