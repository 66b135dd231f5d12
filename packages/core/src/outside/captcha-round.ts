import { numberMember, textMember } from "../protocol/members.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { ClientOptions } from "../words/client-options.ts";
import { headerValue } from "./api-call.ts";
import type { ApiCall, ApiCaller } from "./api-call.ts";

/**
 * Wraps a caller so that a call which needs a captcha is repeated once with the proof that `onCaptcha` earned; or so that
 * it is made at once with the proof that it was given.
 *
 * The proof goes as the documentation has it, in the header `x-captcha-token`, and as the official SDK has it, in the
 * query as `captcha_token`: each of the two is on record for some calls only.
 */
export function withCaptcha(call: ApiCaller, onCaptcha: ClientOptions["onCaptcha"]): ApiCaller {
  return async (api, options) => {
    if (options?.captchaToken !== undefined) return call(withProof(api, options.captchaToken), options);
    try {
      return await call(api, options);
    } catch (error) {
      if (onCaptcha === undefined || !(error instanceof AuthApiError) || error.kind !== "captcha_required") throw error;
      const proof = await earnProof(api.name, options);
      if (proof === undefined) throw error;
      return call(withProof(api, proof), options);
    }
  };

  async function earnProof(name: string, options: Parameters<ApiCaller>[1]): Promise<string | undefined> {
    const { answer } = await call(
      { name: "captcha.data", method: "POST", path: "/auth/v1/captcha/data", as: { kind: "client" }, body: {} },
      options,
    );
    const [image, token] = [textMember(answer, "data"), textMember(answer, "token")];
    if (image === undefined || token === undefined || onCaptcha === undefined) return undefined;
    const key = await onCaptcha({ image, token, expiresInSeconds: numberMember(answer, "expires_in"), call: name });
    if (key === undefined) return undefined;
    const verified = await call(
      {
        name: "captcha.verify",
        method: "POST",
        path: "/auth/v1/captcha/data/verify",
        as: { kind: "client" },
        body: { token, key },
      },
      options,
    );
    return textMember(verified.answer, "captcha_token");
  }
}

function withProof(api: ApiCall, proof: string): ApiCall {
  return {
    ...api,
    query: { ...api.query, captcha_token: proof },
    headers: { ...api.headers, "x-captcha-token": headerValue("captchaToken", proof) },
  };
}
