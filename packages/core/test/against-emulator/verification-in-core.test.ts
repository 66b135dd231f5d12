import { afterAll, afterEach, expect, it } from "vitest";
import { createCloudbaseAuth } from "../../src/index.ts";
import type { AuthResult, CloudbaseAuth, TokenSet } from "../../src/index.ts";
import { enter, join, newcomer, prove, vouch } from "./support/people.ts";
import { apiKey, clientId, createStages, lihua, password } from "./support/stage.ts";
import type { Scene } from "./support/stage.ts";

const stages = createStages();
const instances: CloudbaseAuth[] = [];
afterEach(async () => {
  for (const auth of instances.splice(0)) await auth.close();
});
afterAll(() => stages.close());

/** How a server that trusts the emulator takes this token. */
async function authenticate({ emulator }: Scene, accessToken: string): Promise<AuthResult> {
  const { endpoint, clock } = emulator;
  const auth = createCloudbaseAuth({ envId: "demo", endpoint, clientId, now: () => clock.now() });
  instances.push(auth);
  return auth.authenticate({ headers: { authorization: `Bearer ${accessToken}` } });
}

const ways: Readonly<Record<string, (scene: Scene) => Promise<Pick<TokenSet, "accessToken" | "sub">>>> = {
  "a password": ({ client }) => client.signIn({ username: lihua.username, password }),
  "a code": (scene) => enter(scene),
  "a sign-up": (scene) => join(scene),
  "a third party": async (scene) =>
    scene.client.signInWithProvider({ providerToken: await vouch(scene, "at-provider-1") }),
  "a ticket": async ({ client, emulator }) =>
    client.signInWithTicket({
      ticket: client.createTicket({ key: await emulator.customLoginKey(), uid: "own-id-1" }),
    }),
  "a refresh": async (scene) => scene.client.refresh(await enter(scene)),
  "an anonymous sign-in": ({ client }) => client.signInAnonymously(),
  "client credentials": async ({ client }) => ({ ...(await client.clientCredential(apiKey)), sub: apiKey.secretId }),
};

it.each(Object.keys(ways))("a token of %s is good", async (way) => {
  const scene = await stages.open("documented");
  const { accessToken, sub } = (await ways[way]?.(scene)) ?? { accessToken: "", sub: "" };
  const { auth, user } = await authenticate(scene, accessToken);
  expect(auth).toMatchObject({ state: "authenticated", claims: { sub, iss: scene.emulator.endpoint } });
  expect(user).toMatchObject({ id: sub, isAnonymous: way === "an anonymous sign-in" });
});

it("the user is the one of user.me", async () => {
  const scene = await stages.open("documented");
  const session = await enter(scene);
  const profile = await scene.client.user.me(session);
  const { user } = await authenticate(scene, session.accessToken);
  expect(user).toMatchObject({ id: profile.sub, name: "Li Hua", email: lihua.email, groups: ["admin"] });
  expect([profile.name, profile.email, profile.groups]).toEqual(["Li Hua", lihua.email, ["admin"]]);
});

it("a revoked token is good until its end where nobody asks, and inactive where somebody does", async () => {
  const scene = await stages.open("documented");
  const { client, emulator } = scene;
  const session = await enter(scene);
  await client.signOut(session);
  expect(await client.introspect(session)).toMatchObject({ active: false });
  expect((await authenticate(scene, session.accessToken)).auth).toMatchObject({ state: "authenticated" });
  emulator.clock.advance(7200 + 6);
  const { auth } = await authenticate(scene, session.accessToken);
  expect(auth).toMatchObject({ state: "rejected", error: { code: "invalid_token", reason: "expired" } });
});

it("what else the emulator hands out is no access token", async () => {
  const scene = await stages.open("documented");
  const { verificationId } = await scene.client.verification.send({ email: lihua.email });
  const { verificationToken } = await prove(scene, newcomer);
  const { refreshToken } = await enter(scene);
  for (const token of [verificationId, verificationToken, refreshToken]) {
    expect((await authenticate(scene, token)).auth.state).toBe("rejected");
  }
});
