import type { Emulator } from "@cloudbase-auth/emulator";
import { call, text } from "./api.ts";

export const app = "https://app.example/callback?kept=1";
const device = { "x-device-id": "device-of-a-browser" };

/** What a person at the consent page does. */
export interface Decision {
  readonly account?: string;
  readonly sub?: string;
  readonly name?: string;
  readonly decision?: "approve" | "deny";
}

/** Goes through the page as a browser without JavaScript would; answers where it sends the browser. */
export async function visit(emulator: Emulator, decision: Decision, id = "demo_provider"): Promise<URL> {
  const query = new URLSearchParams({ provider_id: id, redirect_uri: app, state: "state-1" });
  const { uri } = (await call(emulator, `GET /provider/uri?${query.toString()}`, { headers: device })).body;
  if (typeof uri !== "string") throw new Error("no uri");
  const page = await (await fetch(uri)).text();
  const hidden = [...page.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g)];
  const form = new URLSearchParams();
  for (const [, name = "", value = ""] of hidden) form.set(name, unescapeHtml(value));
  for (const [name, value] of Object.entries({ decision: "approve", ...decision })) form.set(name, value);
  const answer = await fetch(uri, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { origin: emulator.endpoint },
  });
  const location = answer.headers.get("location");
  if (answer.status !== 303 || location === null) throw new Error(`${String(answer.status)} ${await answer.text()}`);
  return new URL(location);
}

/** A provider_token of somebody at the made-up third party. */
export async function providerToken(emulator: Emulator, account: string, id = "demo_provider"): Promise<string> {
  const code = (await visit(emulator, { sub: account, name: `Name of ${account}` }, id)).searchParams.get("code");
  const body = { provider_id: id, provider_code: code, provider_redirect_uri: app };
  return text(await call(emulator, "POST /provider/token", { headers: device, body }), "provider_token");
}

function unescapeHtml(value: string): string {
  return value.replaceAll(/&#(\d+);/g, (_whole, code: string) => String.fromCodePoint(Number(code)));
}
