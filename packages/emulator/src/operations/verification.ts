import { compactVerify } from "jose";
import { ApiError } from "../errors.ts";
import { isEmail, isPhoneNumber } from "../state/address.ts";
import type { Address } from "../state/address.ts";
import { codeLifetimeSeconds } from "../state/codes.ts";
import type { PendingCode } from "../state/codes.ts";
import type { Environment } from "../state/environment.ts";
import { examineAccessToken } from "./access-token.ts";
import { requireCaptcha } from "./captcha.ts";
import { isFields, readText, requireText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { ClientCall } from "./operation.ts";

const targets = ["ANY", "USER", "NOT_USER", "CUR_USER"];

/**
 * POST /auth/v1/verification (docs.cloudbase.net http-api/auth/auth-send-verification): sends a code of six digits to
 * `phone_number` or `email`. The `verification_id` is a JWT under the key of the access tokens, as the real one is.
 *
 * @throws ApiError invalid_argument, invalid_phone_number, user_not_found (target USER or CUR_USER),
 *   failed_precondition (target NOT_USER), unauthenticated (target CUR_USER without a valid Bearer), captcha_required,
 *   captcha_invalid, rate_limit_exceeded (too soon), resource_exhausted (too many a day)
 */
export async function sendVerification(environment: Environment, call: ClientCall): Promise<object> {
  const target = readText(call.body, "target") ?? "ANY";
  if (!targets.includes(target)) throw new ApiError("invalid_argument", `target must be one of ${targets.join(", ")}`);
  const address = requireAddress(call.body);
  const user = environment.users.find(address.value);
  if (target === "CUR_USER" && user?.sub !== (await currentSubject(environment, call))) {
    throw new ApiError("user_not_found", "this phone number or email is not bound to the current user");
  }
  if (target === "USER" && !user) throw new ApiError("user_not_found", "user does not exist");
  if (target === "NOT_USER" && user) throw new ApiError("failed_precondition", "user is already registered");

  if (environment.settings.captchaForCodes) requireCaptcha(environment, call);
  if (address.kind === "phone") limitSms(environment, address.value);

  const pending = environment.codes.issue(address);
  const { code, sentAt, expiresAt } = pending;
  environment.inbox.deliver(address, { code, sentAt, expiresAt });
  return {
    verification_id: await environment.keys.sign(verificationIdClaims(environment, pending, target)),
    expires_in: codeLifetimeSeconds,
    is_user: user !== undefined,
  };
}

/**
 * POST /auth/v1/verification/verify (http-api/auth/auth-verify-verification): the right code, in time, for the first
 * time, gives a `verification_token`.
 *
 * @throws ApiError invalid_argument for a verification_id that is not ours, invalid_verification_code otherwise
 */
export async function verifyVerification(environment: Environment, { body }: ClientCall): Promise<object> {
  const id = await readVerificationId(environment, requireText(body, "verification_id"));
  const pending = environment.codes.redeem(id, requireText(body, "verification_code"));
  if (!pending) throw new ApiError("invalid_verification_code", "verification code is wrong, used or expired");
  const { address, code } = pending;
  const { verificationTokens } = environment;
  return {
    verification_token: verificationTokens.issue({ address, code }),
    expires_in: verificationTokens.lifetimeSeconds,
  };
}

/** @throws ApiError invalid_verification_code when the verification_token is unknown, expired or used */
export function proveAddress({ verificationTokens }: Environment, ticket: string) {
  const proof = verificationTokens.read(ticket);
  if (!proof) throw new ApiError("invalid_verification_code", "verification_token is wrong, used or expired");
  return proof;
}

/** Exactly one of `phone_number` and `email`; the texts are those of the documentation. */
export function requireAddress(body: Fields): Address {
  const phoneNumber = readText(body, "phone_number");
  const email = readText(body, "email");
  if (phoneNumber !== undefined && email !== undefined) {
    throw new ApiError("invalid_argument", "email and phone number can not be set at same time");
  }
  if (phoneNumber !== undefined) {
    if (isPhoneNumber(phoneNumber)) return { kind: "phone", value: phoneNumber };
    throw new ApiError("invalid_phone_number", 'phone number must look like "+86 13800000000"');
  }
  if (email === undefined) throw new ApiError("invalid_argument", "email or phone number is empty");
  if (isEmail(email)) return { kind: "email", value: email };
  throw new ApiError("invalid_argument", "email is not an e-mail address");
}

/** The members of the documented sample; what `t` means there is not documented, here it is the target. */
function verificationIdClaims({ envId }: Environment, { id, address, expiresAt }: PendingCode, target: string) {
  const member = address.kind === "phone" ? "p" : "e";
  return { [member]: address.value, exp: Math.floor(expiresAt / 1000), kid: id, pj: envId, t: target };
}

async function readVerificationId({ keys }: Environment, text: string): Promise<string> {
  const foreign = new ApiError("invalid_argument", "verification_id is invalid");
  const verified = await compactVerify(
    text,
    ({ kid }) => {
      const key = keys.find(kid ?? "");
      if (!key) throw foreign;
      return key;
    },
    { algorithms: ["RS256"] },
  ).catch(() => undefined);
  if (!verified) throw foreign;
  const claims: unknown = JSON.parse(new TextDecoder().decode(verified.payload));
  const id = isFields(claims) ? claims["kid"] : undefined;
  if (typeof id !== "string") throw foreign;
  return id;
}

function limitSms({ smsLimits, settings }: Environment, phoneNumber: string): void {
  switch (smsLimits.send(phoneNumber)) {
    case "sent":
      return;
    case "too soon": {
      const seconds = String(settings.smsIntervalSeconds);
      throw new ApiError("rate_limit_exceeded", `one message in ${seconds} s to a phone number, try again later`);
    }
    case "too many":
      throw new ApiError("resource_exhausted", "too many messages to this phone number within a day");
  }
}

async function currentSubject(environment: Environment, { credentials }: ClientCall): Promise<string> {
  const examined =
    credentials.scheme === "bearer" ? await examineAccessToken(environment, credentials.token) : undefined;
  if (examined?.state !== "valid") throw new ApiError("unauthenticated", "target CUR_USER needs a valid access token");
  return examined.token.sub;
}
