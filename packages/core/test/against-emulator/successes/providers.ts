import { expect } from "vitest";
import { containing, opaque, personsTokens, requestId } from "../support/matchers.ts";
import { agree, app, enter, join, vouch } from "../support/people.ts";
import type { Successes } from "../support/success.ts";

const providerId = "demo_provider";
const granted = {
  providerToken: opaque,
  expiresInSeconds: 3600,
  profile: { providerId, sub: "at-provider-1", name: "Name of at-provider-1" },
  requestId,
};
const demo = { id: providerId, name: "Demo provider", providerType: "OAUTH", bound: false };

export const providerSuccesses: Successes<
  | ("providers.redirectUri" | "providers.exchange" | "providers.updateToken" | "providers.list" | "providers.bind")
  | ("providers.unbind" | "providers.transfer" | "providers.changeBound" | "providers.subType")
> = {
  "providers.redirectUri": {
    async "the address of a page that a browser can open"({ client, emulator }) {
      const further = { scope: "openid", responseType: "code", otherParams: { a: "1" } };
      const answer = await client.providers.redirectUri({ providerId, redirectUri: app, state: "s&1", ...further });
      expect(answer).toEqual({ uri: containing(emulator.endpoint), requestId });
      const page = await fetch(answer.uri);
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(new URL(answer.uri).searchParams.get("state")).toBe("s&1");
    },
  },
  "providers.exchange": {
    async "the code, once, for a token and a profile"(scene) {
      const code = await agree(scene, "at-provider-1");
      const { client } = scene;
      expect(await client.providers.exchange({ providerId, code, redirectUri: app })).toEqual(granted);
      const again = client.providers.exchange({ providerId, code, redirectUri: app });
      await expect(again).rejects.toMatchObject({ error: "invalid_grant" });
    },
  },
  "providers.updateToken": {
    async "a new token in the place of the old one"(scene) {
      const { client } = scene;
      const old = await vouch(scene, "at-provider-1");
      const updated = await client.providers.updateToken({ providerToken: old, providerId, params: {} });
      expect(updated).toEqual(granted);
      await expect(client.signInWithProvider({ providerToken: old })).rejects.toMatchObject({ error: "invalid_grant" });
      expect(await client.signInWithProvider(updated)).toEqual(personsTokens);
    },
  },
  "providers.list": {
    async "before and after one is bound"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      expect(await client.providers.list(session)).toEqual({ total: 1, providers: [demo], requestId });
      await client.providers.bind({ ...session, providerToken: await vouch(scene, "at-provider-1") });
      const bound = { ...demo, bound: true, providerUserName: "Name of at-provider-1" };
      expect(await client.providers.list(session)).toEqual({ total: 1, providers: [bound], requestId });
    },
  },
  "providers.bind": {
    async "the third party's account then signs in"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      const providerToken = await vouch(scene, "at-provider-1");
      expect(await client.providers.bind({ ...session, providerToken, withUserCenter: true })).toEqual({ requestId });
      const again = await vouch(scene, "at-provider-1");
      expect(await client.signInWithProvider({ providerToken: again })).toMatchObject({ sub: session.sub });
    },
    async "an anonymous user becomes a person and keeps the id"(scene) {
      const { client } = scene;
      const { accessToken, sub } = await client.signInAnonymously();
      await client.providers.bind({ accessToken, providerToken: await vouch(scene, "at-provider-1") });
      const providerToken = await vouch(scene, "at-provider-1");
      expect(await client.signInWithProvider({ providerToken })).toEqual({ ...personsTokens, sub });
    },
  },
  "providers.unbind": {
    async "the account is somebody else's from then on"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      await client.providers.bind({ ...session, providerToken: await vouch(scene, "at-provider-1") });
      expect(await client.providers.unbind({ ...session, providerId, withUserCenter: false })).toEqual({ requestId });
      expect(await client.providers.list(session)).toMatchObject({ providers: [demo] });
      const providerToken = await vouch(scene, "at-provider-1");
      expect((await client.signInWithProvider({ providerToken })).sub).not.toBe(session.sub);
    },
  },
  "providers.transfer": {
    async "the account moves to the caller, who gets new tokens"(scene) {
      const { client } = scene;
      const before = await client.signInWithProvider({ providerToken: await vouch(scene, "at-provider-1") });
      const session = await join(scene);
      const moved = await client.providers.transfer({ ...session, providerToken: await vouch(scene, "at-provider-1") });
      expect(moved).toEqual({ ...personsTokens, sub: session.sub });
      expect(before.sub).not.toBe(session.sub);
      const providerToken = await vouch(scene, "at-provider-1");
      expect(await client.signInWithProvider({ providerToken })).toMatchObject({ sub: session.sub });
    },
  },
  "providers.changeBound": {
    async "an answer of a server that has it"(scene) {
      const body = { client_id: "c-1" };
      scene.emulator.failNext("POST /auth/v1/user/provider/wechat/trans", { kind: "status", status: 200, body });
      const change = { ...(await enter(scene)), providerId: "wechat", transferToken: "tt" };
      expect(await scene.client.providers.changeBound(change)).toEqual({ clientId: "c-1", requestId });
    },
  },
  "providers.subType": {
    async "of a third party that asks"({ client }) {
      expect(await client.providers.subType({ providerId })).toEqual({ id: providerId, requestId });
    },
  },
};
