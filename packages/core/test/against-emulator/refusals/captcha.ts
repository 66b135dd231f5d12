import type { Refusal } from "../support/refusal.ts";
import type { Scene } from "../support/stage.ts";

/** Reads the picture, after so long and so many times. */
const solve =
  ({ seconds = 0, times = 1, key = "" } = {}) =>
  async ({ client, emulator }: Scene) => {
    const { token } = await client.captcha.data();
    const read = key === "" ? (emulator.inbox.captcha(token) ?? "") : key;
    emulator.clock.advance(seconds);
    for (let time = 1; time < times; time += 1) await client.captcha.verify({ token, key: read });
    return client.captcha.verify({ token, key: read });
  };

export const captchaRefusals: readonly Refusal[] = [
  ["captcha.verify", "it was misread", solve({ key: "????" }), "captcha_invalid"],
  ["captcha.verify", "it was read already", solve({ times: 2 }), "captcha_invalid"],
  ["captcha.verify", "it has expired", solve({ seconds: 300 }), "captcha_invalid"],
  [
    "captcha.verify",
    "the token is made up",
    ({ client }) => client.captcha.verify({ token: "sentinel", key: "ABCD" }),
    "captcha_invalid",
  ],
  [
    "captcha.verify",
    "nothing was read",
    ({ client }) => client.captcha.verify({ token: "sentinel", key: "" }),
    "invalid_argument",
  ],
  [
    "captcha.init",
    "there is nowhere to come back to",
    ({ client }) => client.captcha.init({ redirectUri: "javascript:1", state: "s" }),
    "invalid_argument",
  ],
];
