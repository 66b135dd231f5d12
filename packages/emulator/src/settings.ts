import { checkProviders } from "./provider-settings.ts";
import type { ProviderSettings, ThirdParty } from "./provider-settings.ts";

/** What happens to a refresh token that was used already. */
export type RefreshPolicy =
  /** Documented: it is refused, and its successor lives on. */
  | "old token dies"
  /** It is refused, and the whole session ends (RFC 9700 §4.14.2). */
  | "family ends on reuse"
  /** For so many seconds it answers its successor again, for clients whose answer was lost. */
  | { readonly replaySeconds: number };

/** Ways to sign in. A way that is off is refused as documented: `unimplemented`, 501. */
export interface LoginMethods {
  readonly anonymous?: boolean;
  readonly password?: boolean;
  readonly phone?: boolean;
  readonly email?: boolean;
  /** Custom tickets; off: `not_found` "provider not found". */
  readonly custom?: boolean;
}

/** What can be set per environment, in the console of the real service or nowhere. */
export interface EmulatorSettings {
  /** @default 7200 */
  readonly accessTokenSeconds?: number;
  /** From the sign-in on; a refresh does not prolong it. @default 2592000, 30 days */
  readonly refreshTokenSeconds?: number;
  /** Signed-in devices per user; the oldest refresh token dies. -1: no limit. @default -1 */
  readonly maxSessions?: number;
  /** @default "old token dies" */
  readonly refreshPolicy?: RefreshPolicy;
  /** Whether an anonymous sign-in answers a refresh token too. @default false */
  readonly anonymousRefreshToken?: boolean;
  /** So many wrong passwords lock the account. -1: never. @default 10 */
  readonly passwordAttempts?: number;
  /** How long it is locked. @default 900 */
  readonly lockSeconds?: number;
  /** After so many wrong passwords a captcha_token is wanted. -1: never. @default 5 */
  readonly captchaAfter?: number;
  /** Whether POST /auth/v1/verification always wants a captcha_token. @default false */
  readonly captchaForCodes?: boolean;
  /** The real service: 30. @default 0, no limit */
  readonly smsIntervalSeconds?: number;
  /** Messages per number in 24 hours. The real service: 10. -1: no limit. @default -1 */
  readonly smsPerDay?: number;
  /** So many wrong attempts kill a code. @default 5 */
  readonly codeAttempts?: number;
  /** Whether a user with a phone number needs a code for a sudo_token. @default false */
  readonly sudoNeedsCode?: boolean;
  /** @default all on */
  readonly loginMethods?: LoginMethods;
  /** Third parties. @default one, "demo_provider", with two accounts */
  readonly providers?: readonly ProviderSettings[];
}

export interface CheckedSettings extends Required<Omit<EmulatorSettings, "loginMethods" | "providers">> {
  readonly loginMethods: Required<LoginMethods>;
  readonly providers: readonly ThirdParty[];
}

const unlimited = -1;

/** Each number with its default and the least it may be; -1 stands for "no limit" where that is allowed. */
const numbers = {
  accessTokenSeconds: { usual: 7200, least: 1 },
  refreshTokenSeconds: { usual: 30 * 24 * 3600, least: 1 },
  maxSessions: { usual: unlimited, least: 1, mayBeUnlimited: true },
  passwordAttempts: { usual: 10, least: 1, mayBeUnlimited: true },
  lockSeconds: { usual: 900, least: 1 },
  captchaAfter: { usual: 5, least: 0, mayBeUnlimited: true },
  smsIntervalSeconds: { usual: 0, least: 0 },
  smsPerDay: { usual: unlimited, least: 1, mayBeUnlimited: true },
  codeAttempts: { usual: 5, least: 1 },
} as const;

const flags = ["anonymousRefreshToken", "captchaForCodes", "sudoNeedsCode"] as const;
const methods = ["anonymous", "password", "phone", "email", "custom"] as const;
const known = [...Object.keys(numbers), ...flags, "refreshPolicy", "loginMethods", "providers"];

/** @throws TypeError that names the setting and what it may be */
export function checkSettings(settings: EmulatorSettings = {}): CheckedSettings {
  for (const name of Object.keys(settings)) {
    if (!known.includes(name)) throw new TypeError(`settings.${name} is not known; there are ${known.join(", ")}.`);
  }
  return {
    accessTokenSeconds: checkNumber(settings, "accessTokenSeconds"),
    refreshTokenSeconds: checkNumber(settings, "refreshTokenSeconds"),
    maxSessions: checkNumber(settings, "maxSessions"),
    passwordAttempts: checkNumber(settings, "passwordAttempts"),
    lockSeconds: checkNumber(settings, "lockSeconds"),
    captchaAfter: checkNumber(settings, "captchaAfter"),
    smsIntervalSeconds: checkNumber(settings, "smsIntervalSeconds"),
    smsPerDay: checkNumber(settings, "smsPerDay"),
    codeAttempts: checkNumber(settings, "codeAttempts"),
    anonymousRefreshToken: checkFlag(settings.anonymousRefreshToken, "anonymousRefreshToken", false),
    captchaForCodes: checkFlag(settings.captchaForCodes, "captchaForCodes", false),
    sudoNeedsCode: checkFlag(settings.sudoNeedsCode, "sudoNeedsCode", false),
    refreshPolicy: checkRefreshPolicy(settings.refreshPolicy),
    loginMethods: checkLoginMethods(settings.loginMethods),
    providers: checkProviders(settings.providers),
  };
}

function checkNumber(settings: EmulatorSettings, name: keyof typeof numbers): number {
  const { usual, least, ...rule } = numbers[name];
  const value = settings[name] ?? usual;
  const mayBeUnlimited = "mayBeUnlimited" in rule;
  if (Number.isSafeInteger(value) && (value >= least || (mayBeUnlimited && value === unlimited))) return value;
  throw new TypeError(
    `settings.${name} must be a whole number from ${String(least)}${mayBeUnlimited ? ", or -1 for no limit" : ""}.`,
  );
}

function checkFlag(value: unknown, name: string, usual: boolean): boolean {
  if (value === undefined) return usual;
  if (typeof value === "boolean") return value;
  throw new TypeError(`settings.${name} must be true or false.`);
}

function checkRefreshPolicy(policy: RefreshPolicy = "old token dies"): RefreshPolicy {
  if (policy === "old token dies" || policy === "family ends on reuse") return policy;
  if (typeof policy === "object" && policy !== null && policy.replaySeconds > 0) return policy;
  throw new TypeError(
    'settings.refreshPolicy must be "old token dies", "family ends on reuse" or { replaySeconds: seconds }.',
  );
}

function checkLoginMethods(given: LoginMethods = {}): Required<LoginMethods> {
  for (const name of Object.keys(given)) {
    if (!methods.some((method) => method === name)) {
      throw new TypeError(`settings.loginMethods.${name} is not known; there are ${methods.join(", ")}.`);
    }
  }
  return {
    anonymous: checkFlag(given.anonymous, "loginMethods.anonymous", true),
    password: checkFlag(given.password, "loginMethods.password", true),
    phone: checkFlag(given.phone, "loginMethods.phone", true),
    email: checkFlag(given.email, "loginMethods.email", true),
    custom: checkFlag(given.custom, "loginMethods.custom", true),
  };
}
