/** Where a verification code goes. */
export interface Address {
  readonly kind: "phone" | "email";
  readonly value: string;
}

/** "+86 13800000000": "+", one to three digits, a space, digits. */
export const isPhoneNumber = (text: string): boolean => /^\+\d{1,3} \d{4,20}$/.test(text);

/** Printable ASCII with one "@" and a dot behind it: enough to tell a mistake, and safe to print. */
export const isEmail = (text: string): boolean =>
  text.length <= 254 && /^[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text);

export const sameAddress = (one: Address, other: Address): boolean =>
  one.kind === other.kind && one.value.toLowerCase() === other.value.toLowerCase();
