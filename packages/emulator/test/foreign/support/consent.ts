import type { Auth } from "@cloudbase/oauth";

/** Where the third party sends the browser back to. */
export const app = "https://app.example/callback";

/** Somebody at the made-up third party consents; answers the code. */
export async function consentCode(auth: Auth, account: string, state = "state-1"): Promise<string> {
  const { uri } = await auth.genProviderRedirectUri({
    provider_id: "demo_provider",
    redirect_uri: app,
    state,
  });
  const { origin } = new URL(uri);
  const form = { redirect_uri: app, state, decision: "approve", sub: account, name: `Name of ${account}` };
  const answer = await fetch(uri, {
    method: "POST",
    body: new URLSearchParams(form),
    redirect: "manual",
    headers: { origin },
  });
  const location = new URL(answer.headers.get("location") ?? "", app);
  const code = location.searchParams.get("code");
  if (code === null) throw new Error(`${String(answer.status)} ${location.href}`);
  return code;
}

/** The same, and a provider_token for it. */
export async function consent(auth: Auth, account: string): Promise<string> {
  const code = await consentCode(auth, account);
  const { provider_token } = await auth.grantProviderToken({
    provider_id: "demo_provider",
    provider_code: code,
    provider_redirect_uri: app,
  });
  return provider_token ?? "";
}
