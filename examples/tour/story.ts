import type { Emulator } from "@cloudbase-auth/emulator";
import { callApi } from "./api.ts";
import type { Narrator } from "./narrator.ts";
import { person } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** The tokens that the cases present. */
export interface Tokens {
  readonly user: string;
  readonly refreshed: string;
  readonly anonymous: string;
  readonly expired: string;
  readonly foreign: string;
  readonly revoked: string;
}

/** Signs up, signs in, refreshes and revokes over real HTTP, and tells each step. */
export async function tellStory({ emulator, otherEmulator }: Stage, step: Narrator["step"]): Promise<Tokens> {
  const { endpoint } = emulator;
  const credentials = { username: person.username, password: person.password };

  const { code, sub } = await signUp(emulator);
  step(`POST /verification: an SMS code to ${person.phoneNumber}`, `the inbox has ${code}`);
  step("POST /verification/verify: the code is right", "a verification_token");
  step(`POST /signup: ${person.name} takes the name ${person.username}`, `user ${sub}`);

  const signedIn = await callApi(endpoint, "POST", "/signin", { body: credentials });
  step("POST /signin: with user name and password", "an access token and a refresh token");
  const visitor = await callApi(endpoint, "POST", "/signin/anonymously", { body: {} });
  step("POST /signin/anonymously: without any account", `anonymous user ${visitor.text("sub")}`);

  const refreshToken = signedIn.text("refresh_token");
  const grant = { grant_type: "refresh_token", refresh_token: refreshToken };
  const refreshed = await callApi(endpoint, "POST", "/token", { body: grant });
  step("POST /token: the refresh token is exchanged", "new tokens");
  const again = await callApi(endpoint, "POST", "/token", { body: grant });
  step("POST /token: the old refresh token once more", `${String(again.status)} ${again.text("error")}`);

  emulator.clock.advance(-3 * 3_600);
  const earlier = await callApi(endpoint, "POST", "/signin", { body: credentials });
  emulator.clock.reset();
  step("POST /signin: with the emulator's clock 3 hours back", "a token that expired an hour ago");
  const foreign = await signUp(otherEmulator);
  step('The same person signs up in the environment "other"', "a good token, of another issuer");

  const leaving = await callApi(endpoint, "POST", "/signin", { body: credentials });
  const revoked = leaving.text("access_token");
  await callApi(endpoint, "POST", "/revoke", { token: revoked, body: { token: revoked } });
  const introspected = await callApi(endpoint, "GET", "/token/introspect", { token: revoked });
  step("POST /revoke, then GET /token/introspect", `${JSON.stringify(introspected.body)}: no longer valid`);

  return {
    user: signedIn.text("access_token"),
    refreshed: refreshed.text("access_token"),
    anonymous: visitor.text("access_token"),
    expired: earlier.text("access_token"),
    foreign: foreign.accessToken,
    revoked,
  };
}

/** The three calls that make an account of a phone number. */
async function signUp({ endpoint, inbox }: Emulator): Promise<{ code: string; sub: string; accessToken: string }> {
  const { phoneNumber, username, password, name } = person;
  const sent = await callApi(endpoint, "POST", "/verification", { body: { phone_number: phoneNumber, target: "ANY" } });
  const code = inbox.latest(phoneNumber);
  if (code === undefined) throw new Error(`the emulator's inbox has no code for ${phoneNumber}`);
  const verified = await callApi(endpoint, "POST", "/verification/verify", {
    body: { verification_id: sent.text("verification_id"), verification_code: code },
  });
  const signedUp = await callApi(endpoint, "POST", "/signup", {
    body: {
      phone_number: phoneNumber,
      verification_token: verified.text("verification_token"),
      username,
      password,
      name,
    },
  });
  return { code, sub: signedUp.text("sub"), accessToken: signedUp.text("access_token") };
}
