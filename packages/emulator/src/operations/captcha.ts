import { ApiError } from "../errors.ts";
import { drawText } from "../pages/picture.ts";
import { captchaLifetimeSeconds } from "../state/captchas.ts";
import type { Environment } from "../state/environment.ts";
import { readText, requireText } from "./fields.ts";
import type { Call, ClientCall } from "./operation.ts";
import { requireRedirectUri } from "./redirect.ts";

/**
 * POST /auth/v1/captcha/data (docs.cloudbase.net http-api/auth/auth-get-captcha-data): an image of four characters as a
 * data URL. It really shows them, but keeps no machine out.
 */
export function createCaptcha({ captchas }: Environment): object {
  const { token, text } = captchas.issue();
  const data = `data:image/gif;base64,${drawText(text).toString("base64")}`;
  return { data, type: "image", token, expires_in: captchaLifetimeSeconds };
}

/**
 * POST /auth/v1/captcha/data/verify (http-api/auth/auth-verify-captcha-data): `key` is what somebody read. One try.
 *
 * @throws ApiError captcha_invalid, invalid_argument
 */
export function verifyCaptcha(environment: Environment, { body }: ClientCall): object {
  const solved = environment.captchas.solve(requireText(body, "token"), requireText(body, "key"));
  if (!solved) throw new ApiError("captcha_invalid", "captcha is wrong, used or expired");
  return grantCaptchaToken(environment);
}

/**
 * POST /auth/v1/captcha/init (openapi/auth/auth-get-captcha, the old form): the address of a page that shows an image,
 * and then goes to `redirect_uri` with captcha_token, expires_in and state.
 *
 * @throws ApiError invalid_argument
 */
export function initCaptcha({ endpoint, captchas }: Environment, { body }: ClientCall): object {
  const redirectUri = requireRedirectUri(requireText(body, "redirect_uri"));
  const url = new URL("/emulator/captcha", endpoint());
  url.searchParams.set("token", captchas.issue().token);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("state", readText(body, "state") ?? "");
  return { url: url.href, expires_in: captchaLifetimeSeconds };
}

export function grantCaptchaToken({ captchaTokens }: Environment): { captcha_token: string; expires_in: number } {
  return { captcha_token: captchaTokens.issue(true), expires_in: captchaTokens.lifetimeSeconds };
}

/** @throws ApiError captcha_required without a captcha_token, captcha_invalid for one that is no good */
export function requireCaptcha({ captchaTokens }: Environment, { captchaToken }: Call): void {
  if (captchaToken === undefined) throw new ApiError("captcha_required", "captcha is required");
  if (!captchaTokens.read(captchaToken)) throw new ApiError("captcha_invalid", "captcha_token is wrong or expired");
}
