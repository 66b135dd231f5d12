import { agree, app, join, signedIn, vouch } from "../support/people.ts";
import type { Session } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import type { Scene } from "../support/stage.ts";

const providerId = "demo_provider";

const redirectUri = (changes: object) => (scene: Scene) =>
  scene.client.providers.redirectUri({ providerId, redirectUri: app, state: "s", ...changes });

/** With a good code, but for what is given otherwise, and after so long. */
const exchange =
  (otherwise: object, seconds = 0) =>
  async (scene: Scene) => {
    const code = await agree(scene, "at-provider-1");
    scene.emulator.clock.advance(seconds);
    return scene.client.providers.exchange({ providerId, code, redirectUri: app, ...otherwise });
  };

const update = (params: Readonly<Record<string, string>>) => async (scene: Scene) =>
  scene.client.providers.updateToken({ providerToken: await vouch(scene, "at-provider-1"), params });

const bind = (account: string) => async (scene: Scene, session: Session) =>
  scene.client.providers.bind({ ...session, providerToken: await vouch(scene, account) });

async function bindAnothers(scene: Scene, session: Session): Promise<unknown> {
  await bind("at-provider-1")(scene, await join(scene));
  return bind("at-provider-1")(scene, session);
}

async function bindSecond(scene: Scene, session: Session): Promise<unknown> {
  await bind("at-provider-1")(scene, session);
  return bind("at-provider-2")(scene, session);
}

async function unbindLast(scene: Scene): Promise<unknown> {
  const providerToken = await vouch(scene, "at-provider-1");
  const { accessToken } = await scene.client.signInWithProvider({ providerToken });
  return scene.client.providers.unbind({ accessToken, providerId });
}

const madeUp = { accessToken: "sentinel" };

export const providerRefusals: readonly Refusal[] = [
  ["providers.redirectUri", "the third party is unknown", redirectUri({ providerId: "wechat" }), "not_found"],
  [
    "providers.redirectUri",
    "there is nowhere to come back to",
    redirectUri({ redirectUri: "nowhere" }),
    "invalid_argument",
  ],
  ["providers.redirectUri", "there is no state", redirectUri({ state: "" }), "invalid_argument"],
  ["providers.exchange", "the code is made up", exchange({ code: "sentinel" }), "invalid_grant"],
  [
    "providers.exchange",
    "the code was for another address",
    exchange({ redirectUri: "https://other.example" }),
    "invalid_grant",
  ],
  ["providers.exchange", "the code has expired", exchange({}, 600), "invalid_grant"],
  ["providers.exchange", "the third party is unknown", exchange({ providerId: "wechat" }), "not_found"],
  ["providers.exchange", "there is no code", exchange({ code: "" }), "invalid_argument"],
  [
    "providers.exchange",
    "the third party has no id tokens",
    exchange({ code: "", providerIdToken: "sentinel" }),
    "unimplemented",
  ],
  [
    "providers.updateToken",
    "the provider token is made up",
    ({ client }) => client.providers.updateToken({ providerToken: "sentinel", params: {} }),
    "invalid_grant",
  ],
  [
    "providers.updateToken",
    "the third party is no mini program",
    update({ encryptedData: "e", iv: "i" }),
    "unimplemented",
  ],
  [
    "providers.bind",
    "the provider token is made up",
    signedIn(({ client }, { accessToken }) => client.providers.bind({ accessToken, providerToken: "sentinel" })),
    "invalid_grant",
  ],
  ["providers.bind", "the account is somebody else's", signedIn(bindAnothers), "already_exists"],
  ["providers.bind", "another account of the third party is bound", signedIn(bindSecond), "already_exists"],
  [
    "providers.bind",
    "the access token is no good",
    ({ client }) => client.providers.bind({ ...madeUp, providerToken: "sentinel" }),
    "unauthorized",
  ],
  [
    "providers.unbind",
    "it is not bound",
    signedIn(({ client }, session) => client.providers.unbind({ ...session, providerId })),
    "provider_not_found",
  ],
  ["providers.unbind", "nothing else is left to sign in", unbindLast, "failed_precondition"],
  [
    "providers.unbind",
    "the access token is no good",
    ({ client }) => client.providers.unbind({ ...madeUp, providerId }),
    "unauthorized",
  ],
  [
    "providers.transfer",
    "the provider token is made up",
    signedIn(({ client }, { accessToken }) => client.providers.transfer({ accessToken, providerToken: "sentinel" })),
    "invalid_grant",
  ],
  [
    "providers.changeBound",
    "the server does not have it",
    signedIn(({ client }, { accessToken }) =>
      client.providers.changeBound({ accessToken, providerId, transferToken: "sentinel" }),
    ),
    "unimplemented",
  ],
  ["providers.subType", "the third party is unknown", ({ client }) => client.providers.subType(), "not_found"],
];
