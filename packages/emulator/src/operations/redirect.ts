import { ApiError } from "../errors.ts";

/** Schemes that would run in the page or read the disk; an app's own scheme is welcome. */
const refused = ["javascript:", "data:", "vbscript:", "file:", "blob:", "about:"];

/** @throws ApiError invalid_argument unless it is a full URL to go to (RFC 6749 §3.1.2) */
export function requireRedirectUri(text: string): string {
  if (!URL.canParse(text) || refused.includes(new URL(text).protocol)) {
    throw new ApiError("invalid_argument", "redirect_uri must be a full URL");
  }
  return text;
}

/** The URL with these parameters added to its query; what is empty is left out. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") url.searchParams.set(name, value);
  }
  return url.href;
}
