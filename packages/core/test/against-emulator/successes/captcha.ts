import { expect } from "vitest";
import { containing, matching, opaque, requestId } from "../support/matchers.ts";
import { app } from "../support/people.ts";
import type { Successes } from "../support/success.ts";

export const captchaSuccesses: Successes<"captcha.data" | "captcha.verify" | "captcha.init"> = {
  "captcha.data": {
    async "a picture"({ client, emulator }) {
      const answer = await client.captcha.data({ state: "POST:/auth/v1/signin", redirectUri: app });
      expect(answer).toEqual({
        image: matching(/^data:image\/gif;base64,R0lG[\w+/]+=*$/),
        ...{ token: opaque, type: "image", expiresInSeconds: 300, requestId },
      });
      expect(emulator.inbox.captcha(answer.token)).toMatch(/^\w{4}$/);
    },
  },
  "captcha.verify": {
    async "what the picture shows, for a proof"({ client, emulator }) {
      const { token } = await client.captcha.data();
      const key = emulator.inbox.captcha(token) ?? "";
      expect(await client.captcha.verify({ token, key })).toEqual({
        ...{ captchaToken: opaque, expiresInSeconds: 600, requestId },
      });
    },
  },
  "captcha.init": {
    async "the address of a page that a browser can open"({ client, emulator }) {
      const answer = await client.captcha.init({ redirectUri: app, state: "s" });
      expect(answer).toEqual({ url: containing(emulator.endpoint), expiresInSeconds: 300, requestId });
      expect(await (await fetch(answer.url ?? "")).text()).toContain("data:image/gif;base64,");
    },
  },
};
