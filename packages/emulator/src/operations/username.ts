import { ApiError } from "../errors.ts";

/** @throws ApiError invalid_argument; 2 to 48 characters, as for sign-in and the phone scenario of sign-up */
export function requireUsername(username: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9\-_.:+ @]{1,47}$/.test(username)) return username;
  throw new ApiError(
    "invalid_argument",
    "username must be 2 to 48 letters, digits and -_.:+ @, first a letter or digit",
  );
}
