import { expect } from "vitest";
import { anonymousTokens, personsTokens, requestId } from "../support/matchers.ts";
import { enter, newcomer, prove, sessionOf, vouch } from "../support/people.ts";
import { lihua, password } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";
import type { Successes } from "../support/success.ts";

const me = async ({ client }: Scene, { accessToken }: { readonly accessToken: string }) =>
  client.user.me({ accessToken });

/** The emulator has no such sign-in, because too little is known of it; the answer that it could have is read. */
const planned = { token_type: "Bearer", access_token: "a.b.c", refresh_token: "r", expires_in: 60, sub: "7" };
const plannedTokens = {
  ...{ accessToken: "a.b.c", refreshToken: "r", tokenType: "Bearer", expiresInSeconds: 60, sub: "7", groups: [] },
  requestId,
};

export const signInSuccesses: Successes<
  "signIn" | "signUp" | "signInAnonymously" | "signInWithProvider" | "signInWithToken" | "signInWithWechat"
> = {
  signIn: {
    async "a password, with each of the names that somebody has"(scene) {
      const sets = await Promise.all(
        Object.values(lihua).map((username) => scene.client.signIn({ username, password })),
      );
      for (const set of sets) {
        expect(set).toEqual({ ...personsTokens, groups: ["admin"] });
        expect(await me(scene, set)).toMatchObject({ ...lihua, sub: set.sub });
      }
      expect(new Set(sets.map(({ sub }) => sub)).size).toBe(1);
    },
    async "a code, which is used up by it"(scene) {
      const { verificationToken } = await prove(scene, lihua.email);
      const set = await scene.client.signIn({ verificationToken });
      expect(set).toEqual({ ...personsTokens, groups: ["admin"] });
      expect(await me(scene, set)).toMatchObject(lihua);
      await expect(scene.client.signIn({ verificationToken })).rejects.toMatchObject({ kind: "invalid_credentials" });
    },
  },
  signUp: {
    async "a phone number"(scene) {
      const { client } = scene;
      const proof = await prove(scene, newcomer);
      const set = await client.signUp({ phoneNumber: newcomer, ...proof, name: "New", locale: "zh-CN" });
      expect(set).toEqual(personsTokens);
      expect(await me(scene, set)).toMatchObject({
        ...{ sub: set.sub, phoneNumber: newcomer, name: "New", locale: "zh-CN", status: "ACTIVE", hasPassword: false },
      });
      expect(await enter(scene, newcomer)).toMatchObject({ sub: set.sub });
    },
    async "an e-mail address with a name and a password, which then sign in"(scene) {
      const email = "new@example.com";
      const proof = await prove(scene, email);
      const further = { username: "newcomer", password, gender: "FEMALE", picture: "https://app.example/p.png" };
      const set = await scene.client.signUp({ email, ...proof, ...further });
      expect(set).toEqual(personsTokens);
      const { username, gender, picture } = further;
      expect(await me(scene, set)).toMatchObject({ email, username, gender, picture, hasPassword: true });
      expect(await scene.client.signIn({ username, password })).toMatchObject({ sub: set.sub });
    },
    async "a third party's account"(scene) {
      const providerToken = await vouch(scene, "at-provider-1");
      const set = await scene.client.signUp({ providerToken, username: "by-provider" });
      expect(set).toEqual(personsTokens);
      expect(await me(scene, set)).toMatchObject({
        ...{ username: "by-provider", name: "Name of at-provider-1" },
        providers: [{ id: "demo_provider", providerUserId: "at-provider-1", name: "Name of at-provider-1" }],
      });
    },
    async "an anonymous user becomes a person and keeps the id"(scene) {
      const { accessToken: anonymousToken, sub } = await scene.client.signInAnonymously();
      const set = await scene.client.signUp({
        ...{ phoneNumber: newcomer, anonymousToken },
        ...(await prove(scene, newcomer)),
      });
      expect(set).toEqual({ ...personsTokens, sub });
      expect((await scene.client.signInAnonymously()).sub).not.toBe(sub);
    },
  },
  signInAnonymously: {
    async "one user a device"(scene) {
      const { client } = scene;
      const set = await client.signInAnonymously();
      expect(set).toEqual(anonymousTokens);
      expect(await client.signInAnonymously({}, { deviceId: "device-1" })).toMatchObject({ sub: set.sub });
      expect((await client.signInAnonymously({}, { deviceId: "device-2" })).sub).not.toBe(set.sub);
      expect(await me(scene, set)).toMatchObject({ sub: set.sub, name: "Anonymous", hasPassword: false });
    },
  },
  signInWithProvider: {
    async "a new account becomes a user, and signs the same one in again"({ client, ...scene }) {
      const providerToken = await vouch({ client, ...scene }, "at-provider-1");
      const set = await client.signInWithProvider({ providerToken, providerId: "demo_provider" });
      expect(set).toEqual(personsTokens);
      const again = await vouch({ client, ...scene }, "at-provider-1");
      const more = { forceDisableSignUp: true, syncProfile: true };
      expect(await client.signInWithProvider({ providerToken: again, ...more })).toMatchObject({ sub: set.sub });
      expect(await me({ client, ...scene }, sessionOf(set))).toMatchObject({ name: "Name of at-provider-1" });
    },
  },
  signInWithToken: {
    async "an answer of a server that has it"({ client, emulator }) {
      emulator.failNext("POST /auth/v1/signin/token", { kind: "status", status: 200, body: planned });
      expect(await client.signInWithToken({ signinToken: "st" })).toEqual(plannedTokens);
    },
  },
  signInWithWechat: {
    async "an answer of a server that has it"({ client, emulator }) {
      emulator.failNext("POST /auth/v1/signin/wechat/noauth", { kind: "status", status: 200, body: planned });
      expect(await client.signInWithWechat()).toEqual(plannedTokens);
    },
  },
};
