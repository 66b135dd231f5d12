import { expect } from "vitest";
import { opaque, requestId } from "../support/matchers.ts";
import { elevate, enter, join, newcomer, prove, recipient, vouch } from "../support/people.ts";
import { lihua, password, wang } from "../support/stage.ts";
import type { Successes } from "../support/success.ts";

const newPassword = `${password}-new`;

export const accountSuccesses: Successes<
  ("user.sudo" | "user.changePassword" | "user.edit") | ("user.editProfile" | "user.changeContact" | "user.delete")
> = {
  "user.sudo": {
    async "by password and by code"(scene) {
      const { client } = scene;
      const { accessToken } = await enter(scene);
      const granted = { sudoToken: opaque, expiresInSeconds: 900, requestId };
      expect(await client.user.sudo({ accessToken, password })).toEqual(granted);
      const { verificationToken } = await prove(scene, lihua.email);
      expect(await client.user.sudo({ accessToken, verificationToken })).toEqual(granted);
    },
  },
  "user.changePassword": {
    async "the old one is dead, the new one signs in, other devices are signed out"(scene) {
      const { client } = scene;
      const [here, there] = [await enter(scene), await enter(scene, lihua.email)];
      const { accessToken } = here;
      const proof = { sudoToken: await elevate(scene, here), oldPassword: password };
      expect(await client.user.changePassword({ accessToken, newPassword, ...proof })).toEqual({ requestId });
      const { username } = lihua;
      await expect(client.signIn({ username, password })).rejects.toMatchObject({ error: "invalid_password" });
      expect(await client.signIn({ username, password: newPassword })).toMatchObject({ sub: here.sub });
      await expect(client.refresh(there)).rejects.toMatchObject({ error: "invalid_grant" });
      expect(await client.refresh(here)).toMatchObject({ sub: here.sub });
    },
    async "a first one, with an empty sudo token, of somebody who has nothing to show"(scene) {
      const { client } = scene;
      const set = await client.signUp({ providerToken: await vouch(scene, "at-provider-1"), username: "by-provider" });
      const { accessToken, sub } = set;
      await client.user.changePassword({ accessToken, newPassword, sudoToken: "", oldPassword: "" });
      expect(await client.signIn({ username: "by-provider", password: newPassword })).toMatchObject({ sub });
    },
  },
  "user.edit": {
    async "members of the profile, and the password"(scene) {
      const { client } = scene;
      const { accessToken, sub } = await enter(scene);
      const logins = { username: "li.hua", email: "li@example.com", phone: newcomer };
      const rest = { nickname: "Li", description: "d", avatarUrl: "https://app.example/a.png" };
      const change = { ...logins, ...rest, gender: "FEMALE", password, newPassword } as const;
      expect(await client.user.edit({ accessToken, ...change })).toEqual({ requestId });
      expect(await client.user.me({ accessToken })).toMatchObject({
        ...{ sub, username: "li.hua", email: "li@example.com", phoneNumber: newcomer, name: "Li" },
        ...{ picture: "https://app.example/a.png", gender: "FEMALE" },
      });
      expect(await client.signIn({ username: "li.hua", password: newPassword })).toMatchObject({ sub });
    },
  },
  "user.editProfile": {
    async "members by their wire names"(scene) {
      const { client } = scene;
      const { accessToken } = await enter(scene);
      const profile = { name: "Li", locale: "zh-CN", picture: "https://app.example/b.png" };
      expect(await client.user.editProfile({ accessToken, profile })).toEqual({ requestId });
      expect(await client.user.me({ accessToken })).toMatchObject({ ...lihua, ...profile });
    },
  },
  "user.changeContact": {
    async "a new number, and an address taken over from somebody else"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      const { accessToken, sub } = session;
      const change = async (to: string) => ({
        ...{ accessToken, ...recipient(to), sudoToken: await elevate(scene, session, lihua.email) },
        verificationToken: (await prove(scene, to)).verificationToken,
      });
      expect(await client.user.changeContact(await change(newcomer))).toEqual({ requestId });
      expect(await enter(scene, newcomer)).toMatchObject({ sub });
      const taken = await change(wang.phoneNumber);
      await client.user.changeContact({ ...taken, conflictResolution: "TRANSFER" });
      expect(await enter(scene, wang.phoneNumber)).toMatchObject({ sub });
    },
    async "an anonymous user becomes a person and keeps the id, with an empty sudo token"(scene) {
      const { client } = scene;
      const { accessToken, sub } = await client.signInAnonymously();
      const { verificationToken } = await prove(scene, newcomer);
      const change = { accessToken, phoneNumber: newcomer, verificationToken, sudoToken: "" };
      await client.user.changeContact(change);
      expect(await enter(scene, newcomer)).toMatchObject({ sub });
    },
  },
  "user.delete": {
    async "the user is gone, and so is every token"(scene) {
      const { client } = scene;
      const session = await join(scene);
      const sudoToken = await elevate(scene, session, newcomer);
      expect(await client.user.delete({ ...session, sudoToken })).toEqual({ requestId });
      const { verificationToken } = await prove(scene, newcomer);
      await expect(client.signIn({ verificationToken })).rejects.toMatchObject({ error: "not_found" });
      await expect(client.refresh(session)).rejects.toMatchObject({ error: "invalid_grant" });
      await expect(client.user.me(session)).rejects.toMatchObject({ error: "unauthenticated" });
      expect(await client.introspect(session)).toMatchObject({ active: false });
      expect(await client.user.exists({ username: newcomer })).toMatchObject({ exists: false });
    },
  },
};
