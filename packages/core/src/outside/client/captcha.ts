import { numberMember, present, textMember } from "../../protocol/members.ts";
import type { CallOptions } from "../../words/client-options.ts";
import { readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";

/** The captcha's own calls; `onCaptcha` makes them by itself. http-api/auth: auth-get-captcha-data, auth-verify-captcha-data. */
export interface CaptchaCalls {
  /** A picture as a `data:` URL, and the token of this challenge. */
  data(
    input?: { readonly state?: string; readonly redirectUri?: string },
    options?: CallOptions,
  ): Promise<
    Answered<{
      readonly image: string;
      readonly token: string;
      readonly type?: string;
      readonly expiresInSeconds?: number;
    }>
  >;
  /** Exchanges what the person read for a proof. */
  verify(
    input: { readonly token: string; readonly key: string },
    options?: CallOptions,
  ): Promise<Answered<{ readonly captchaToken: string; readonly expiresInSeconds?: number }>>;
  /** The older way, by a page of its own; on older pages of the documentation. */
  init(
    input: { readonly redirectUri: string; readonly state: string },
    options?: CallOptions,
  ): Promise<Answered<{ readonly url?: string; readonly captchaToken?: string; readonly expiresInSeconds?: number }>>;
}

export function createCaptchaCalls({ call }: ClientContext): CaptchaCalls {
  const post = (name: string, path: string, body: Readonly<Record<string, unknown>>, options?: CallOptions) =>
    call({ name, method: "POST", path, as: { kind: "client" }, body }, options);
  return {
    async data({ state, redirectUri } = {}, options) {
      const result = await post("captcha.data", "/auth/v1/captcha/data", { state, redirect_uri: redirectUri }, options);
      return readAs("captcha.data", result, (answer) => {
        const [image, token] = [textMember(answer, "data"), textMember(answer, "token")];
        if (image === undefined || token === undefined) return undefined;
        return {
          image,
          token,
          ...present({ type: textMember(answer, "type"), expiresInSeconds: numberMember(answer, "expires_in") }),
        };
      });
    },
    async verify({ token, key }, options) {
      const result = await post("captcha.verify", "/auth/v1/captcha/data/verify", { token, key }, options);
      return readAs("captcha.verify", result, (answer) => {
        const captchaToken = textMember(answer, "captcha_token");
        if (captchaToken === undefined) return undefined;
        return { captchaToken, ...present({ expiresInSeconds: numberMember(answer, "expires_in") }) };
      });
    },
    async init({ redirectUri, state }, options) {
      const result = await post("captcha.init", "/auth/v1/captcha/init", { redirect_uri: redirectUri, state }, options);
      return readAs("captcha.init", result, (answer) =>
        present({
          url: textMember(answer, "url"),
          captchaToken: textMember(answer, "captcha_token"),
          expiresInSeconds: numberMember(answer, "expires_in"),
        }),
      );
    },
  };
}
