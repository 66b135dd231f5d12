import type { Locale } from "../words/error-catalogue.ts";

const locales: readonly Locale[] = ["en", "zh"];
const maxLength = 1_000;
// language-range [weight] (RFC 9110 §12.5.4, RFC 4647 §2.1); a qvalue has three decimals at most (RFC 9110 §12.4.2).
const member = /^(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:[ \t]*;[ \t]*[Qq]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

interface Weighed {
  readonly range: string;
  readonly quality: number;
}

/**
 * The language that an Accept-Language header prefers of ours: the higher quality, then the one named first, then
 * English. A range counts for the language that it begins with, so `zh-TW` is served `zh` (lookup, RFC 4647 §3.4); `*`
 * counts for the languages of which there is none. Members that are malformed are left out, and so is a header of more
 * than a thousand characters: nobody who wants an answer sends that.
 */
export function chooseLocale(header: string | readonly string[] | undefined): Locale {
  const text = typeof header === "string" ? header : (header ?? []).join(",");
  if (text.length > maxLength) return "en";
  const weighed = text.split(",").flatMap(parseMember);
  let best: { readonly locale: Locale; readonly quality: number; readonly place: number } | undefined;
  for (const locale of locales) {
    const place = placeOf(locale, weighed);
    const quality = weighed[place]?.quality ?? 0;
    if (quality === 0 || (best !== undefined && quality < best.quality)) continue;
    if (best === undefined || quality > best.quality || place < best.place) best = { locale, quality, place };
  }
  return best?.locale ?? "en";
}

function parseMember(text: string): readonly Weighed[] {
  const [, range, weight = "1"] = member.exec(text.trim()) ?? [];
  return range === undefined ? [] : [{ range: range.toLowerCase(), quality: Number(weight) }];
}

/** Where the range stands that counts for a language, the best of several; -1 if there is none. */
function placeOf(locale: Locale, weighed: readonly Weighed[]): number {
  let found = -1;
  for (const [place, { range, quality }] of weighed.entries()) {
    const isOurs = range === locale || range.startsWith(`${locale}-`);
    if (isOurs && quality > (weighed[found]?.quality ?? -1)) found = place;
  }
  return found === -1 ? weighed.findIndex(({ range }) => range === "*") : found;
}
