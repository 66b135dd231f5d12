import { chooseLocale } from "../protocol/accept-language.ts";
import { refuseApiError } from "../protocol/api-refusals.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { AuthRequest } from "../words/auth.ts";
import { errorCatalogue } from "../words/error-catalogue.ts";
import { isAuthError, repeatError } from "../words/errors.ts";
import type { AuthError, Locale } from "../words/errors.ts";
import type { CloudbaseAuth } from "./cloudbase-auth.ts";

/** What a language is chosen by. */
type Headed = Pick<AuthRequest, "headers">;

/** Makes the answer of whatever went wrong; see `CloudbaseAuth.refusalOf`. */
export function createRefusalOf(refusals: Refusals, locale: Locale | "auto"): CloudbaseAuth["refusalOf"] {
  return function refusalOf(error, request) {
    if (error instanceof AuthApiError) return translate(refuseApiError(refusals, error), locale, request);
    return isAuthError(error) ? translate(error, locale, request) : undefined;
  };
}

/**
 * Lets the refusals of `authorize` follow the request. Only here, where each request gets an error of its own: those in
 * the caches are shared, and a language that is fixed is in them already.
 */
export function inLanguageOfRequest(authorize: CloudbaseAuth["authorize"]): CloudbaseAuth["authorize"] {
  return function authorizeInLanguage(result, requirement, request) {
    const say = (refusal: AuthError | undefined): AuthError | undefined =>
      refusal === undefined ? undefined : translate(refusal, "auto", request);
    const verdict = authorize(result, requirement, request);
    return verdict instanceof Promise ? verdict.then(say) : say(verdict);
  };
}

function translate(error: AuthError, locale: Locale | "auto", request: Headed | undefined): AuthError {
  // One of another copy of this package whose code is not known here stays as it is.
  if (!Object.hasOwn(errorCatalogue, error.code)) return error;
  if (locale !== "auto") return repeatError(error, { locale });
  return repeatError(error, { locale: chooseLocale(request?.headers["accept-language"]), negotiated: true });
}
