import { enter } from "../support/people.ts";
import type { Session } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { apiKey, lihua, password } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

const { username } = lihua;

/** Refreshes what is left after something happened to the session. */
const refreshAfter =
  (happens: (scene: Scene, session: Session) => Promise<unknown>) =>
  async (scene: Scene): Promise<unknown> => {
    const session = await enter(scene);
    await happens(scene, session);
    return scene.client.refresh(session);
  };

/** A spent refresh token that comes again ends its successor too. */
async function refreshSuccessor(scene: Scene): Promise<unknown> {
  const { client } = scene;
  const session = await enter(scene);
  const { refreshToken = "" } = await client.refresh(session);
  await client.refresh(session).catch(() => undefined);
  return client.refresh({ refreshToken });
}

const another = (options: { readonly clientId?: string; readonly clientSecret?: string }, scene: Scene) =>
  scene.createClient(options);
const strange = { clientId: "another-app" };
const impostor = { clientSecret: "sentinel" };

const signOut = (redirectUri: string) => async (scene: Scene) =>
  scene.client.signOut({ ...(await enter(scene)), redirectUri });

export const tokenRefusals: readonly Refusal[] = [
  ["refresh", "the token is made up", ({ client }) => client.refresh({ refreshToken: "sentinel" }), "invalid_grant"],
  ["refresh", "the token is empty", ({ client }) => client.refresh({ refreshToken: "" }), "invalid_argument"],
  ["refresh", "the token is spent", refreshAfter(({ client }, session) => client.refresh(session)), "invalid_grant"],
  [
    "refresh",
    "a spent token came again, and the family ends",
    refreshSuccessor,
    "invalid_grant",
    { options: { settings: { refreshPolicy: "family ends on reuse" } } },
  ],
  [
    "refresh",
    "the session is older than 30 days",
    refreshAfter(async ({ emulator }) => emulator.clock.advance(30 * 24 * 3600)),
    "invalid_grant",
  ],
  [
    "refresh",
    "the user has signed out",
    refreshAfter(({ client }, session) => client.signOut(session)),
    "invalid_grant",
  ],
  [
    "refresh",
    "another device took the session's place",
    refreshAfter(async (scene) => enter({ ...scene, client: scene.createClient({ deviceId: "device-2" }) })),
    "invalid_grant",
    { options: { settings: { maxSessions: 1 } } },
  ],
  [
    "refresh",
    "the client's secret is wrong",
    async (scene) => another(impostor, scene).refresh(await enter(scene)),
    "unauthorized_client",
  ],
  [
    "refresh",
    "nobody knows the client",
    async (scene) => another(strange, scene).refresh(await enter(scene)),
    "invalid_client",
  ],
  [
    "passwordGrant",
    "the password is wrong",
    ({ client }) => client.passwordGrant({ username, password: "a-wrong-sentinel" }),
    "invalid_password",
    { details: { limitRemaining: 9 } },
  ],
  [
    "passwordGrant",
    "nobody has the name",
    ({ client }) => client.passwordGrant({ username: "nobody", password }),
    "not_found",
  ],
  [
    "passwordGrant",
    "the client's secret is wrong",
    (scene) => another(impostor, scene).passwordGrant({ username, password }),
    "unauthorized_client",
  ],
  [
    "introspect",
    "the client's secret is wrong",
    async (scene) => another(impostor, scene).introspect(await enter(scene)),
    "unauthorized_client",
    { dialect: "skill" },
  ],
  [
    "revoke",
    "the client's secret is wrong",
    async (scene) => another(impostor, scene).revoke(await enter(scene)),
    "unauthorized_client",
    { dialect: "skill" },
  ],
  ["signOut", "there is nowhere to go", signOut("nowhere"), "invalid_argument"],
  [
    "clientCredential",
    "nobody knows the SecretId",
    ({ client }) => client.clientCredential({ ...apiKey, secretId: "AKID2" }),
    "invalid_client",
  ],
  [
    "clientCredential",
    "the SecretKey is wrong",
    ({ client }) => client.clientCredential({ ...apiKey, secretKey: "sentinel" }),
    "unauthorized_client",
  ],
];
