import { booleanMember, numberMember, present, textMember } from "../../protocol/members.ts";
import type { CallOptions } from "../../words/client-options.ts";
import { done, readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";

/** A phone number (`+86 13800000000`, with the space) or an e-mail address. */
export type Recipient =
  | { readonly phoneNumber: string; readonly email?: undefined }
  | { readonly email: string; readonly phoneNumber?: undefined };

export interface SentVerification {
  readonly verificationId: string;
  readonly expiresInSeconds?: number;
  /** Whether a user of this number or address exists: then sign in, else sign up. */
  readonly isUser?: boolean;
}

export interface VerifiedCode {
  /** For one sign-in, sign-up, reset or sudo. */
  readonly verificationToken: string;
  readonly expiresInSeconds?: number;
}

/** Codes by SMS and e-mail, and what they open without a password; http-api/auth/auth-send-verification. */
export interface VerificationCalls {
  readonly verification: {
    send(
      input: Recipient & {
        /** @default "ANY" */
        readonly target?: "ANY" | "USER" | "NOT_USER" | "CUR_USER";
        readonly usage?: "REGISTER" | "SIGN_IN" | "PASSWORD_RESET" | "EMAIL_ADDRESS_CHANGE" | "PHONE_NUMBER_CHANGE";
        readonly emailRedirectTo?: string;
        readonly locale?: string;
        /** Of the signed-in user, where the code is for one; needed for `CUR_USER`. */
        readonly accessToken?: string;
      },
      options?: CallOptions,
    ): Promise<Answered<SentVerification>>;
    verify(
      input: { readonly verificationId: string; readonly verificationCode: string },
      options?: CallOptions,
    ): Promise<Answered<VerifiedCode>>;
  };
  resetPassword(
    input: Recipient & { readonly newPassword: string; readonly verificationToken: string },
    options?: CallOptions,
  ): Promise<Answered<object>>;
}

export function createVerificationCalls({ call, forms }: ClientContext): VerificationCalls {
  return {
    verification: {
      async send({ phoneNumber, email, target = "ANY", usage, emailRedirectTo, locale, accessToken }, options) {
        const name = "verification.send";
        const body = {
          phone_number: phoneNumber,
          email,
          target: forms.verificationTarget === "always sent" ? target : undefined,
          usage,
          email_redirect_to: emailRedirectTo,
          locale,
        };
        const as =
          accessToken === undefined
            ? ({ kind: "client", basicInSkill: true } as const)
            : ({ kind: "user", accessToken } as const);
        const result = await call({ name, method: "POST", path: "/auth/v1/verification", as, body }, options);
        return readAs(name, result, (answer) => {
          const verificationId = textMember(answer, "verification_id");
          if (verificationId === undefined) return undefined;
          return {
            verificationId,
            ...present({
              expiresInSeconds: numberMember(answer, "expires_in"),
              isUser: booleanMember(answer, "is_user"),
            }),
          };
        });
      },
      async verify({ verificationId, verificationCode }, options) {
        const name = "verification.verify";
        const body = { verification_id: verificationId, verification_code: verificationCode };
        const as = { kind: "client", basicInSkill: true } as const;
        const result = await call({ name, method: "POST", path: "/auth/v1/verification/verify", as, body }, options);
        return readAs(name, result, (answer) => {
          const verificationToken = textMember(answer, "verification_token");
          if (verificationToken === undefined) return undefined;
          return { verificationToken, ...present({ expiresInSeconds: numberMember(answer, "expires_in") }) };
        });
      },
    },
    async resetPassword({ phoneNumber, email, newPassword, verificationToken }, options) {
      const body = {
        phone_number: phoneNumber,
        email,
        new_password: newPassword,
        verification_token: verificationToken,
      };
      return done(
        await call(
          { name: "resetPassword", method: "POST", path: "/auth/v1/reset", as: { kind: "client" }, body },
          options,
        ),
      );
    },
  };
}
