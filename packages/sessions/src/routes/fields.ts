import * as v from "valibot";

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));
const shaped = (longest: number, shape: RegExp) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(longest), v.regex(shape));

/** What goes into a header of a call has to be this. */
const visible = /^[\x21-\x7e]+$/;

/** The fields of all bodies, each of one form wherever it occurs. Their lengths are far above what CloudBase takes. */
export const field = {
  /** A username, an e-mail address or a phone number. */
  username: text(254),
  password: text(256),
  newPassword: text(256),
  email: shaped(254, /^[^\s@]+@[^\s@]+$/),
  /** As CloudBase writes it: with the country code and one space. */
  phoneNumber: shaped(24, /^\+\d{1,4} \d{4,15}$/),
  usage: v.picklist(["sign_in", "sign_up", "reset_password"]),
  code: shaped(16, /^[A-Za-z0-9]+$/),
  /** That the browser has shown a code at `/verification/verify`. */
  verified: v.literal(true),
  verificationId: shaped(4_096, visible),
  verificationToken: shaped(4_096, visible),
  ticket: shaped(8_192, visible),
  name: text(64),
  providerId: shaped(64, /^[\w.-]+$/),
  providerCode: shaped(2_048, visible),
  redirectUri: shaped(2_048, visible),
  refreshToken: shaped(4_096, visible),
  /** Of the app's own device, 16 to 71 characters. */
  deviceId: v.pipe(v.string(), v.minLength(16), v.maxLength(71), v.regex(visible)),
  /** What the person read in the picture. */
  answer: text(32),
  /** Which picture. */
  token: shaped(2_048, visible),
  /** Sealed, it is longer. */
  captchaToken: shaped(4_096, visible),
  returnTo: text(2_048),
} as const;

const names: ReadonlySet<string> = new Set([...Object.keys(field), "return_to", "state"]);

/** Whether a name is one of ours, and may be said again. */
export function isKnownField(name: string): boolean {
  return names.has(name);
}

/** Fields that may be missing. */
export const optional = {
  username: v.optional(field.username),
  password: v.optional(field.password),
  usage: v.optional(field.usage),
  name: v.optional(field.name),
  redirectUri: v.optional(field.redirectUri),
  deviceId: v.optional(field.deviceId),
  answer: v.optional(field.answer),
  token: v.optional(field.token),
  captchaToken: v.optional(field.captchaToken),
  returnTo: v.optional(field.returnTo),
} as const;
