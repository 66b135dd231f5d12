import type { EmulatorOptions, EmulatorSettings } from "@cloudbase-auth/emulator";

/** What the sources leave open, or answer twice, and the emulator therefore lets one set. */
export interface OpenQuestion {
  readonly question: string;
  /** With the codes of the page's head. */
  readonly sources: string;
  /** Members of `settings`, or options of the emulator's own. */
  readonly settings: readonly (keyof EmulatorSettings | keyof EmulatorOptions)[];
}

export const openQuestions: readonly OpenQuestion[] = [
  {
    question: "A refresh token that was used already",
    sources: "the old one is dead at once (D); a grace for a lost answer, an end of the whole session (U)",
    settings: ["refreshPolicy"],
  },
  {
    question: "How long a refresh token lives",
    sources: "30 days on one page, 31 on others (D)",
    settings: ["refreshTokenSeconds"],
  },
  {
    question: "How long an access token lives",
    sources: "two hours, to be set from one to 24 (D) or from half an hour (S)",
    settings: ["accessTokenSeconds"],
  },
  {
    question: "A refresh token for anonymous users",
    sources: "the text has one, the example beside it none (D)",
    settings: ["anonymousRefreshToken"],
  },
  {
    question: "Sessions of one user",
    sources: "one, to be set from 1 to 100 (D); or -1, 0, 1 to 50 (S)",
    settings: ["maxSessions"],
  },
  {
    question: "`iss`",
    sources: "`http://{env}.{region}.tcb-api.tencentcloudapi.com` in samples (D); the gateway's origin elsewhere (I3)",
    settings: ["issuer"],
  },
  {
    question: "Wrong passwords until a captcha, until a lock",
    sources:
      "about five, then `captcha_required` (D); until `invalid_status` (U), `retry_delay` 900 s in an example (S)",
    settings: ["captchaAfter", "passwordAttempts", "lockSeconds"],
  },
  {
    question: "When `verification` wants a captcha; how many wrong codes end one",
    sources: "U",
    settings: ["captchaForCodes", "codeAttempts"],
  },
  {
    question: "Messages to one phone number",
    sources: "one in 30 s, ten a day (D); 60 s in an example (D)",
    settings: ["smsIntervalSeconds", "smsPerDay"],
  },
  {
    question: "`sudo` by password where there is a phone number",
    sources: "either (D); by code only, says a comment (S)",
    settings: ["sudoNeedsCode"],
  },
  {
    question: "A login method that is off",
    sources: "`unimplemented` (D), 501 (I); for custom tickets “provider not found” (I3)",
    settings: ["loginMethods"],
  },
];
