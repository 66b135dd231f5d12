import { expect } from "vitest";
import { requestId, time } from "../support/matchers.ts";
import { enter, newcomer, join, prove, sessionOf } from "../support/people.ts";
import { lihua, wang } from "../support/stage.ts";
import type { Successes } from "../support/success.ts";

export const userSuccesses: Successes<
  | ("user.me" | "user.query" | "user.exists" | "user.checkUsername")
  | ("user.history" | "user.wedaInfo" | "user.revokeAll" | "user.revokeDevice")
> = {
  "user.me": {
    async "everything that is known"(scene) {
      const { accessToken, sub } = await enter(scene);
      expect(await scene.client.user.me({ accessToken, withRole: true, withDepartment: true })).toEqual({
        ...{ sub, userId: sub, ...lihua, name: "Li Hua", status: "ACTIVE", hasPassword: true },
        ...{ providers: [], groups: ["admin"], createdAt: time, updatedAt: time, lastLogin: time, requestId },
        passwordUpdatedAt: time,
      });
    },
  },
  "user.query": {
    async "by ids and by names, each user once"(scene) {
      const { accessToken, sub } = await enter(scene);
      const other = await enter(scene, wang.phoneNumber);
      const { username, ...seen } = { ...lihua, sub, name: "Li Hua" };
      const query = { accessToken, id: [sub, other.sub], username, email: lihua.email };
      expect(await scene.client.user.query(query)).toEqual({
        ...{ total: 2, users: [seen, { sub: other.sub, ...wang }], requestId },
      });
      const { client } = scene;
      expect(await client.user.query({ accessToken, phoneNumber: wang.phoneNumber })).toMatchObject({ total: 1 });
      expect(await client.user.query({ accessToken, username: "nobody" })).toEqual({ total: 0, users: [], requestId });
    },
  },
  "user.exists": {
    async "names of every kind"({ client }) {
      for (const username of Object.values(lihua)) {
        expect(await client.user.exists({ username })).toEqual({ exists: true, requestId });
      }
      expect(await client.user.exists({ username: newcomer })).toEqual({ exists: false, requestId });
    },
  },
  "user.checkUsername": {
    async "a name that can be had"(scene) {
      const { accessToken } = await enter(scene);
      expect(await scene.client.user.checkUsername({ accessToken, username: "free-name" })).toEqual({ requestId });
    },
  },
  "user.history": {
    async "sign-ins page by page, and changes"(scene) {
      const { client } = scene;
      const { accessToken } = await enter(scene);
      await enter(scene, lihua.email);
      const of = (what: "logins" | "changes", pageToken?: string) =>
        client.user.history({ accessToken, of: what, limit: 1, ...(pageToken !== undefined && { pageToken }) });
      const first = await of("logins");
      expect(first).toMatchObject({ answer: { total: 2, data: [{ device_id: "device-1", meta: { from: "email" } }] } });
      const next = first.answer["next_page_token"];
      if (typeof next !== "string") throw new Error("there is no second page");
      expect(await of("logins", next)).toMatchObject({ answer: { data: [{ meta: { from: "phone" } }] } });
      expect((await of("changes")).answer).toEqual({ total: 0, data: [] });
      await client.user.edit({ accessToken, nickname: "Li" });
      expect(await of("changes")).toMatchObject({ answer: { total: 1 }, requestId });
    },
  },
  "user.wedaInfo": {
    async "an answer of a server that has it, as it came"(scene) {
      const body = { orgs: [{ id: "1" }] };
      scene.emulator.failNext("GET /auth/v1/plugin/weda/userinfo", { kind: "status", status: 200, body });
      expect(await scene.client.user.wedaInfo(await enter(scene))).toEqual({ answer: body, requestId });
    },
  },
  "user.revokeAll": {
    async "no session is left"(scene) {
      const { client } = scene;
      const [here, there] = [await enter(scene), await enter(scene, lihua.email)];
      expect(await client.user.revokeAll(here)).toEqual({ requestId });
      for (const session of [here, there]) {
        expect(await client.introspect(session)).toMatchObject({ active: false });
        await expect(client.refresh(session)).rejects.toMatchObject({ error: "invalid_grant" });
      }
      expect(await enter(scene)).toMatchObject({ sub: here.sub });
    },
  },
  "user.revokeDevice": {
    async "the sessions of that device, and no others"(scene) {
      const { client } = scene;
      const here = await join(scene);
      const { verificationToken } = await prove(scene, newcomer);
      const device = "phone/2";
      const there = sessionOf(await client.signIn({ verificationToken }, { deviceId: device }));
      expect(await client.user.revokeDevice({ ...here, device })).toEqual({ requestId });
      await expect(client.refresh(there)).rejects.toMatchObject({ error: "invalid_grant" });
      expect(await client.introspect(there)).toMatchObject({ active: false });
      expect(await client.refresh(here)).toMatchObject({ sub: here.sub });
    },
  },
};
