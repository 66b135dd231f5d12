import { parseTokenSet } from "../../protocol/api-answers.ts";
import type { CallOptions } from "../../words/client-options.ts";
import type { TokenSet } from "../../words/token-set.ts";
import { readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";

/** A password, or a code that was verified. */
export type SignInInput = (
  | { readonly username: string; readonly password: string; readonly verificationToken?: undefined }
  | { readonly verificationToken: string; readonly username?: undefined; readonly password?: undefined }
) & { readonly verificationCode?: string; readonly verifyOpt?: string };

/** Exactly one of phone number, e-mail and provider token; the first two with the token of a verified code. */
export type SignUpInput = (
  | {
      readonly phoneNumber: string;
      readonly verificationToken: string;
      readonly email?: undefined;
      readonly providerToken?: undefined;
    }
  | {
      readonly email: string;
      readonly verificationToken: string;
      readonly phoneNumber?: undefined;
      readonly providerToken?: undefined;
    }
  | {
      readonly providerToken: string;
      readonly verificationToken?: undefined;
      readonly phoneNumber?: undefined;
      readonly email?: undefined;
    }
) & {
  readonly username?: string;
  readonly password?: string;
  readonly name?: string;
  readonly gender?: string;
  readonly picture?: string;
  readonly locale?: string;
  /** The code itself; sent in the skill dialect only. */
  readonly verificationCode?: string;
  readonly verifyOpt?: string;
  /** Access token of the anonymous user who becomes this one; in the official SDK's types, its effect is not documented. */
  readonly anonymousToken?: string;
};

/** Ways to get a token set; docs.cloudbase.net http-api/auth: auth-sign-in and its neighbours. */
export interface SignInCalls {
  signIn(input: SignInInput, options?: CallOptions): Promise<Answered<TokenSet>>;
  signUp(input: SignUpInput, options?: CallOptions): Promise<Answered<TokenSet>>;
  /** One anonymous user a device id: give the device's own. */
  signInAnonymously(input?: { readonly providerToken?: string }, options?: CallOptions): Promise<Answered<TokenSet>>;
  signInWithProvider(
    input: {
      readonly providerToken: string;
      readonly providerId?: string;
      readonly forceDisableSignUp?: boolean;
      readonly syncProfile?: boolean;
    },
    options?: CallOptions,
  ): Promise<Answered<TokenSet>>;
  /** With a ticket of `createTicket()`. */
  signInWithTicket(
    input: { readonly ticket: string; readonly providerId?: string },
    options?: CallOptions,
  ): Promise<Answered<TokenSet>>;
  /** On older pages of the documentation only. */
  signInWithToken(
    input: { readonly signinToken: string; readonly provider?: string },
    options?: CallOptions,
  ): Promise<Answered<TokenSet>>;
  /** For mini programs without a login page; in the official SDK only. */
  signInWithWechat(options?: CallOptions): Promise<Answered<TokenSet>>;
}

export function createSignInCalls({ call, forms }: ClientContext): SignInCalls {
  const post = async (
    name: string,
    path: string,
    basicInSkill: boolean,
    body: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<Answered<TokenSet>> =>
    readAs(
      name,
      await call({ name, method: "POST", path, as: { kind: "client", basicInSkill }, body }, options),
      parseTokenSet,
    );

  return {
    signIn: ({ username, password, verificationToken, verificationCode, verifyOpt }, options) =>
      post(
        "signIn",
        "/auth/v1/signin",
        true,
        {
          username,
          password,
          verification_token: verificationToken,
          verification_code: verificationCode,
          verify_opt: verifyOpt,
        },
        options,
      ),
    signUp: (input, options) =>
      post(
        "signUp",
        "/auth/v1/signup",
        true,
        {
          phone_number: input.phoneNumber,
          email: input.email,
          provider_token: input.providerToken,
          verification_token: input.verificationToken,
          verification_code: forms.signUpCode === "verification_code beside it" ? input.verificationCode : undefined,
          verify_opt: input.verifyOpt,
          username: input.username,
          password: input.password,
          name: input.name,
          gender: input.gender,
          picture: input.picture,
          locale: input.locale,
          anonymous_token: input.anonymousToken,
        },
        options,
      ),
    signInAnonymously: (input, options) =>
      post("signInAnonymously", forms.anonymousSignInPath, true, { provider_token: input?.providerToken }, options),
    signInWithProvider: ({ providerToken, providerId, forceDisableSignUp, syncProfile }, options) =>
      post(
        "signInWithProvider",
        "/auth/v1/signin/with/provider",
        false,
        {
          provider_token: providerToken,
          provider_id: providerId,
          force_disable_sign_up: forceDisableSignUp,
          sync_profile: syncProfile,
        },
        options,
      ),
    signInWithTicket: ({ ticket, providerId = "custom" }, options) =>
      post("signInWithTicket", "/auth/v1/signin/custom", false, { provider_id: providerId, ticket }, options),
    signInWithToken: ({ signinToken, provider }, options) =>
      post("signInWithToken", "/auth/v1/signin/token", false, { signin_token: signinToken, provider }, options),
    signInWithWechat: (options) => post("signInWithWechat", "/auth/v1/signin/wechat/noauth", false, {}, options),
  };
}
