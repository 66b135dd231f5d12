import { STATUS_CODES } from "node:http";
import { createRefusals } from "../../src/protocol/refusals.ts";
import type { Refusals } from "../../src/protocol/refusals.ts";
import { upstreamStatus } from "../../src/protocol/api-refusals.ts";
import { formatProblemAnswer } from "../../src/protocol/problem.ts";
import { errorCatalogue } from "../../src/words/error-catalogue.ts";
import type { AuthErrorCode, Locale } from "../../src/words/error-catalogue.ts";
import type { AuthError } from "../../src/words/errors.ts";

/** One refusal of each code, as the core makes them. */
export const refusalByCode: Readonly<Record<AuthErrorCode, (refusals: Refusals) => AuthError>> = {
  missing_token: (refusals) => refusals.missingToken(),
  invalid_request: (refusals) => refusals.invalidRequest("malformed_header"),
  invalid_input: (refusals) => refusals.invalidInput("fields"),
  invalid_token: (refusals) => refusals.invalidToken("expired"),
  insufficient_scope: (refusals) => refusals.insufficientScope(["orders:read", "orders:write"]),
  anonymous_user: (refusals) => refusals.anonymousUser(),
  forbidden: (refusals) => refusals.forbidden("group"),
  csrf: (refusals) => refusals.csrf(),
  rate_limited: (refusals) => refusals.rateLimited("auth_api", 30),
  refresh_rejected: (refusals) => refusals.refreshRejected("invalid_grant", undefined),
  upstream_rejected: (refusals) =>
    refusals.upstreamRejected("invalid_credentials", upstreamStatus.invalid_credentials, undefined),
  service_unavailable: (refusals) => refusals.serviceUnavailable("key_set", 5, undefined),
};

export const errorCodes = Object.keys(refusalByCode) as readonly AuthErrorCode[];

/** What every page about an error begins with: the code, its text, and a whole answer. */
export function headOfPage(code: AuthErrorCode, locale: Locale): string {
  const error = refusalByCode[code](createRefusals("cloudbase", { locale, docsBaseUrl: undefined }));
  const { status, headers, body } = formatProblemAnswer(error, undefined);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `# \`${code}\`\n`,
    `> ${error.message}\n`,
    `\`\`\`http\nHTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}`,
    ...lines,
    `\n${JSON.stringify(JSON.parse(body), undefined, 2)}\n\`\`\`\n`,
  ].join("\n");
}

export const sectionsByLocale: Readonly<Record<Locale, readonly string[]>> = {
  en: ["What it means", "What the client should do", "What the operator should do", "Reasons"],
  zh: ["含义", "客户端应当做什么", "运维人员应当做什么", "原因"],
};

/** How the list of reasons has each of them; those with a status of their own say it. */
export function reasonMarks(code: AuthErrorCode, locale: Locale): readonly string[] {
  const colon = locale === "en" ? ": " : "：";
  if (code !== "upstream_rejected") return errorCatalogue[code].reasons.map((reason) => `- \`${reason}\`${colon}`);
  const comma = locale === "en" ? ", " : "，";
  return errorCatalogue[code].reasons.map(
    (reason) => `- \`${reason}\`${comma}${String(upstreamStatus[reason])}${colon}`,
  );
}
