import { AuthApiError } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { reasonOf } from "../failure.ts";
import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatMs } from "../terminal/times.ts";

const made = "made-up-by-cloudbase-auth-doctor";
const bounds = { timeoutMs: 5_000 };

/** Whether the server tells what is valid: asked about a token that is made up, it must say no. */
export async function checkIntrospection(auth: CloudbaseAuth): Promise<Outcome> {
  const startedAt = performance.now();
  const told = (): Outcome =>
    ok(`the server says that a made-up token is not valid (${formatMs(performance.now() - startedAt)})`);
  try {
    const { active } = await auth.client.introspect({ accessToken: made }, bounds);
    if (!active) return told();
    return failed(
      "the server calls a made-up token valid",
      "Never use verification introspection or hybrid with it: correct the endpoint, or tell whoever runs it.",
    );
  } catch (error) {
    if (!(error instanceof AuthApiError)) throw error;
    // The token is the credential of the question: refusing it is an answer.
    if (error.kind === "unauthenticated") return told();
    return failed(
      `the server could not be asked whether a token is valid (${reasonOf(error)})`,
      "With verification local this is needed by nobody. Otherwise whoever runs the endpoint has to look at it; users are answered 503 until then.",
    );
  }
}

/** Whether the server knows our client: asked to exchange a made-up refresh token, it must refuse that and not us. */
export async function checkClient(
  auth: CloudbaseAuth,
  { clientId, hasSecret }: { readonly clientId: string | undefined; readonly hasSecret: boolean },
): Promise<Outcome> {
  if (clientId === undefined)
    return skipped("no client id is set; the environment id serves, and verifying needs none");
  const what = hasSecret ? "client id and secret" : "client id";
  try {
    await auth.client.refresh({ refreshToken: made }, bounds);
    return failed(
      "the server exchanged a refresh token that was made up",
      "Correct the endpoint: whatever answers there is not the Auth API.",
    );
  } catch (error) {
    if (!(error instanceof AuthApiError)) throw error;
    if (error.kind === "client") {
      const which = error.error === "invalid_client" ? "the client id" : "the client secret";
      return failed(
        `the server does not accept ${hasSecret ? which : "the client id"} (${error.error})`,
        "Yours to fix: set CLOUDBASE_CLIENT_ID and CLOUDBASE_CLIENT_SECRET as the console shows them. Until then no sign-in is prolonged.",
      );
    }
    if (["unavailable", "rate_limited"].includes(error.kind)) {
      return failed(
        `the token endpoint could not be asked (${reasonOf(error)})`,
        "Whoever runs the endpoint has to look at it; run this again later.",
      );
    }
    return ok(`the server takes the ${what} (and refused the made-up refresh token)`);
  }
}
