/** What may be set for one call. */
export interface CallOptions {
  /** `x-device-id` of this call: the device of the person on whose behalf it is made. */
  readonly deviceId?: string | undefined;
  /** `x-request-id` of this call. @default a random one; it comes back with the answer and in every error */
  readonly requestId?: string | undefined;
  /** Proof of a captcha that the person solved already, of `captcha.verify`; no captcha is asked for then. */
  readonly captchaToken?: string | undefined;
  /** @default 1000 */
  readonly connectTimeoutMs?: number | undefined;
  /** From the call to its end, repetitions included. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the call; it then rejects with the signal's reason, and whether it took effect is not known. */
  readonly signal?: AbortSignal | undefined;
}

/** A picture with a text that a person has to read. */
export interface CaptchaChallenge {
  /** A `data:` URL. */
  readonly image: string;
  /** Which challenge it is; sent back with the answer. */
  readonly token: string;
  readonly expiresInSeconds: number | undefined;
  /** The call that needs it, such as `signIn`. */
  readonly call: string;
}

/** Options of the client beside the environment's. */
export interface ClientOptions {
  /**
   * Which of the two written forms of the API to speak: the documented one, or that of the published HTTP skill text.
   * @default "documented"
   */
  readonly dialect?: "documented" | "skill" | undefined;
  /** `x-device-id` of calls that name none. @default a random one, for the life of the client */
  readonly deviceId?: string | undefined;
  /** @default 1000 */
  readonly connectTimeoutMs?: number | undefined;
  /** @default 5000 */
  readonly timeoutMs?: number | undefined;
  /**
   * Asked when a call needs a captcha; the call is then repeated once. `undefined` gives up: the call rejects with
   * `captcha_required`.
   */
  readonly onCaptcha?: ((challenge: CaptchaChallenge) => Promise<string | undefined> | string | undefined) | undefined;
}
