import { expect } from "vitest";
import { personsTokens, requestId } from "../support/matchers.ts";
import { enter } from "../support/people.ts";
import { apiKey, clientId, lihua, password } from "../support/stage.ts";
import type { Successes } from "../support/success.ts";

export const tokenSuccesses: Successes<
  "refresh" | "passwordGrant" | "introspect" | "revoke" | "signOut" | "clientCredential"
> = {
  refresh: {
    async "new tokens; the old refresh token is dead, the old access token is not"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      const set = await client.refresh(session);
      expect(set).toEqual({ ...personsTokens, sub: session.sub, groups: ["admin"] });
      expect(set.refreshToken).not.toBe(session.refreshToken);
      await expect(client.refresh(session)).rejects.toMatchObject({ error: "invalid_grant" });
      expect(await client.introspect(session)).toMatchObject({ active: true });
      expect(await client.refresh({ refreshToken: set.refreshToken ?? "" })).toMatchObject({ sub: session.sub });
    },
    async "after the access token has expired"(scene) {
      const session = await enter(scene);
      scene.emulator.clock.advance(7201);
      expect(await scene.client.introspect(session)).toMatchObject({ active: false });
      const { accessToken } = await scene.client.refresh(session);
      expect(await scene.client.user.me({ accessToken })).toMatchObject(lihua);
    },
  },
  passwordGrant: {
    async "the same as a sign-in"({ client }) {
      const set = await client.passwordGrant({ username: lihua.username, password });
      expect(set).toEqual({ ...personsTokens, groups: ["admin"] });
      expect(await client.user.me(set)).toMatchObject(lihua);
    },
  },
  introspect: {
    async "who holds the token, and for which client"(scene) {
      const { accessToken, sub } = await enter(scene);
      expect(await scene.client.introspect({ accessToken })).toEqual({
        ...{ active: true, sub, clientId, scope: "user sso", tokenType: "Bearer", requestId },
      });
    },
    async "{} is inactive: expired, made up, forged, a verification id"(scene) {
      const { client, emulator } = scene;
      const { accessToken } = await enter(scene);
      const { verificationId } = await client.verification.send({ email: lihua.email });
      const { token: forged } = await emulator.issueForged("other-key");
      for (const other of ["a-token", forged, verificationId]) {
        expect(await client.introspect({ accessToken: other })).toEqual({ active: false, requestId });
      }
      emulator.clock.advance(7201);
      expect(await client.introspect({ accessToken })).toEqual({ active: false, requestId });
    },
  },
  revoke: {
    async "the access token is dead, its refresh token is not"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      expect(await client.revoke(session)).toEqual({ requestId });
      expect(await client.introspect(session)).toEqual({ active: false, requestId });
      await expect(client.user.me(session)).rejects.toMatchObject({ kind: "unauthenticated" });
      expect(await client.refresh(session)).toMatchObject({ sub: session.sub });
    },
  },
  signOut: {
    async "both tokens are dead"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      expect(await client.signOut(session)).toEqual({ requestId });
      expect(await client.introspect(session)).toMatchObject({ active: false });
      await expect(client.refresh(session)).rejects.toMatchObject({ error: "invalid_grant" });
    },
    async "where to go from here"(scene) {
      const back = { redirectUri: "https://app.example/bye?a=1", state: "s 1" };
      expect(await scene.client.signOut({ ...(await enter(scene)), ...back })).toEqual({
        ...{ redirectUri: "https://app.example/bye?a=1&state=s+1", requestId },
      });
    },
  },
  clientCredential: {
    async "an administrator's token, who may edit others"(scene) {
      const { client } = scene;
      const { sub } = await enter(scene);
      const set = await client.clientCredential(apiKey);
      const { accessToken, tokenType } = personsTokens;
      expect(set).toEqual({ accessToken, tokenType, expiresInSeconds: 432_000, groups: [], requestId });
      const holder = { active: true, sub: apiKey.secretId, scope: "client_credentials" };
      expect(await client.introspect(set)).toMatchObject(holder);
      await client.user.edit({ accessToken: set.accessToken, userId: sub, nickname: "Renamed" });
      expect(await client.user.me(await enter(scene))).toMatchObject({ name: "Renamed" });
    },
  },
};
