import type { EndpointGroup } from "./facts.ts";

export const signInGroups: readonly EndpointGroup[] = [
  {
    title: "Sign-in, sign-up, sign-out",
    endpoints: [
      {
        endpoint: "POST /auth/v1/signin",
        skill: "Basic; `username`, `password`",
        documented: "`username` + `password`, or `verification_token`",
        page: "auth-sign-in",
        sdk: "the same, with `username` beside a `verification_token`",
      },
      {
        endpoint: "POST /auth/v1/signin/anonymously",
        documented: "header `x-device-id` required; `{}`, on an older page `provider_token`",
        page: "auth-sign-in-anonymously",
        sdk: "the same",
        emulator: "the same `x-device-id`, the same `sub`; a stale Bearer is refused",
      },
      {
        endpoint: "POST /auth/v1/signin-anonymously",
        skill: "Basic; `{}`",
        emulator: "the same as `signin/anonymously`; refused with `strict`",
      },
      {
        endpoint: "POST /auth/v1/signup",
        skill: "Basic; `phone_number`, `verification_code`, `verification_token`, `name`, `password`, `username`",
        documented:
          "`phone_number` or `email` with `verification_token`, or `provider_token`; `username`, `password`; on an older page `name`, `gender`, `picture`, `locale`",
        page: "auth-sign-up",
        sdk: "the same; also `verification_code`, `verify_opt`, `anonymous_token`",
        emulator: "`anonymous_token` makes that anonymous user a person",
      },
      {
        endpoint: "POST /auth/v1/signin/with/provider",
        documented: "`provider_token`, `force_disable_sign_up`, `sync_profile`",
        page: "auth-sign-in-with-provider",
        sdk: "the same; also `provider_id`",
      },
      {
        endpoint: "POST /auth/v1/signin/custom",
        documented: "`provider_id` (`custom`), `ticket`",
        page: "auth-sign-in-custom",
        sdk: "the same",
        emulator: "tickets are checked with the real key",
      },
      {
        endpoint: "POST /auth/v1/signin/token",
        documented: "on an older page: `signin_token`, `provider`",
        page: "auth-sign-in-with-token",
        emulator: "501: where a `signin_token` comes from is not documented",
      },
      {
        endpoint: "POST /auth/v1/signin/wechat/noauth",
        sdk: "`{}`",
        emulator: "501: it needs a WeChat mini program",
      },
      {
        endpoint: "POST /auth/v1/reset",
        documented: "`email` or `phone_number`, `new_password`, `verification_token`",
        page: "auth-reset-password",
        sdk: "the same",
      },
      {
        endpoint: "POST /auth/v1/user/signout",
        documented: "Bearer; `redirect_uri`, `state` in the query",
        page: "auth-sign-out",
        sdk: "Bearer; both in the body. Without parameters `signOut` calls `revoke`",
        emulator: "either place",
      },
    ],
  },
  {
    title: "Codes",
    endpoints: [
      {
        endpoint: "POST /auth/v1/verification",
        skill: "Basic; `phone_number`",
        documented:
          "`target` (ANY, USER; in older versions NOT_USER, CUR_USER), `phone_number` or `email`, `email_redirect_to`; on an older page `locale`",
        page: "auth-send-verification",
        sdk: "`target` optional; also `usage`; Bearer when somebody is signed in",
        emulator: "the code is in the inbox",
      },
      {
        endpoint: "POST /auth/v1/verification/verify",
        skill: "Basic; `verification_code`, `verification_id`",
        documented: "`verification_id`, `verification_code`",
        page: "auth-verify-verification",
        sdk: "the same",
      },
    ],
  },
  {
    title: "Captcha",
    endpoints: [
      {
        endpoint: "POST /auth/v1/captcha/data",
        documented: "`{}`",
        page: "auth-get-captcha-data",
        sdk: "`state`, `redirect_uri`",
        emulator: "the answer is in the inbox",
      },
      {
        endpoint: "POST /auth/v1/captcha/data/verify",
        documented: "`token`, `key`",
        page: "auth-verify-captcha-data",
        sdk: "the same",
      },
      {
        endpoint: "POST /auth/v1/captcha/init",
        documented: "on an older page: `redirect_uri`, `state`",
        page: "openapi/auth/auth-get-captcha",
        sdk: "a constant, never called",
      },
    ],
  },
];
