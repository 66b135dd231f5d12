const names = new Set([
  ...["cookie", "cookies", "setcookie", "xcloudbasecontext", "secwebsocketprotocol"],
  ...["passwd", "pwd", "pin", "otp", "jwt", "captcha"],
]);
const endings = [
  ...["authorization", "token", "password", "passcode", "secret", "ticket", "credential", "credentials", "sid"],
  ...["sessionid", "privatekey", "secretkey", "apikey", "verificationcode", "authorizationcode", "authcode"],
  ...["smscode", "phonecode", "emailcode", "captchacode", "recoverycode", "logincode"],
];
const ending = new RegExp(`(?:${endings.join("|")})$`);

/** Whether what goes by this name, however it is spelled, may be nothing for a log. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
  return plain === "code" || names.has(plain) || ending.test(plain);
}

/**
 * Whether a member is nothing for a log. A `code` may be one that somebody was sent, or an error's: it stays if it reads
 * as a name (`invalid_token`, `ERR_HTTP2_ERROR`) or is a small number.
 */
export function isSecretMember(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === "boolean") return false;
  if (!isSecretName(name)) return false;
  if (name.toLowerCase() !== "code") return true;
  // As a query gives it that has it twice.
  if (Array.isArray(value)) return value.some((entry) => isSecretMember(name, entry));
  if (typeof value === "number") return value >= 1_000;
  return typeof value === "string" && !/^(?:[a-z]+(?:_[a-z]+)*|[A-Z]+(?:_[A-Z\d]+)*|\d{1,3})$/.test(value);
}
