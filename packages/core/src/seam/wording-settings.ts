import type { Locale } from "../words/errors.ts";

/** @throws TypeError naming the languages that there are */
export function parseLocale(value: Locale | "auto" | undefined = "en"): Locale | "auto" {
  if (value === "en" || value === "zh" || value === "auto") return value;
  throw new TypeError('option locale must be "en", "zh" or "auto", which goes by the Accept-Language header');
}

/** Without the slash at its end. @throws TypeError */
export function parseDocsBaseUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !isWeb || url.href !== `${url.origin}${url.pathname}`) {
    throw new TypeError("option docsBaseUrl must be an http(s) URL such as https://docs.example/errors");
  }
  return url.href.replace(/\/$/, "");
}
