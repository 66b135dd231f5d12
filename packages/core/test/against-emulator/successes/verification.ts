import { expect } from "vitest";
import { jwt, matching, opaque, requestId } from "../support/matchers.ts";
import { enter, newcomer, prove, recipient } from "../support/people.ts";
import { lihua, password } from "../support/stage.ts";
import type { Successes } from "../support/success.ts";

export const verificationSuccesses: Successes<"verification.send" | "verification.verify" | "resetPassword"> = {
  "verification.send": {
    async "to a phone number that nobody has"({ client, emulator }) {
      const sent = await client.verification.send({ phoneNumber: newcomer });
      expect(sent).toEqual({ verificationId: jwt, expiresInSeconds: 600, isUser: false, requestId });
      const code = matching(/^\d{6}$/);
      expect(emulator.inbox.messages()).toMatchObject([{ channel: "sms", to: newcomer, code }]);
    },
    async "to an e-mail address that somebody has"({ client, emulator }) {
      const sent = await client.verification.send({ email: lihua.email, target: "USER", usage: "SIGN_IN" });
      expect(sent).toEqual({ verificationId: jwt, expiresInSeconds: 600, isUser: true, requestId });
      expect(emulator.inbox.messages()).toMatchObject([{ channel: "email", to: lihua.email }]);
    },
    async "to one's own number, and to one that must be free"(scene) {
      const { accessToken } = await enter(scene);
      const own = { phoneNumber: lihua.phoneNumber, target: "CUR_USER", accessToken } as const;
      expect(await scene.client.verification.send(own)).toMatchObject({ isUser: true });
      const free = { phoneNumber: newcomer, target: "NOT_USER", accessToken } as const;
      expect(await scene.client.verification.send(free)).toMatchObject({ isUser: false });
    },
  },
  "verification.verify": {
    async "the code from the inbox, for a token that signs in"({ client, emulator }) {
      const { verificationId } = await client.verification.send(recipient(lihua.email));
      const verificationCode = emulator.inbox.latest(lihua.email) ?? "";
      const verified = await client.verification.verify({ verificationId, verificationCode });
      expect(verified).toEqual({ verificationToken: opaque, expiresInSeconds: 600, requestId });
      expect(await client.signIn(verified)).toMatchObject({ scope: "user sso" });
    },
  },
  resetPassword: {
    async "the new password signs in, the old one does not, and every session is over"(scene) {
      const { client } = scene;
      const session = await enter(scene);
      const newPassword = `${password}-new`;
      const { verificationToken } = await prove(scene, lihua.phoneNumber);
      const done = await client.resetPassword({ phoneNumber: lihua.phoneNumber, newPassword, verificationToken });
      expect(done).toEqual({ requestId });
      const { username } = lihua;
      expect(await client.signIn({ username, password: newPassword })).toMatchObject({ sub: session.sub });
      await expect(client.signIn({ username, password })).rejects.toMatchObject({ error: "invalid_password" });
      await expect(client.refresh(session)).rejects.toMatchObject({ error: "invalid_grant" });
    },
  },
};
