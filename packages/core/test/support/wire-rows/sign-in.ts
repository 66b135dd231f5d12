import { basic, id } from "./row.ts";
import type { WireRow } from "./row.ts";

export const signInRows: readonly WireRow[] = [
  {
    title: "signIn with a password",
    call: (client) => client.signIn({ username: "+86 13800000000", password: "p" }),
    documented: [`POST /auth/v1/signin?${id}`, undefined, { username: "+86 13800000000", password: "p" }],
    skill: ["POST /auth/v1/signin", basic, { username: "+86 13800000000", password: "p" }],
  },
  {
    title: "signIn with a code",
    call: (client) => client.signIn({ verificationToken: "vt" }),
    documented: [`POST /auth/v1/signin?${id}`, undefined, { verification_token: "vt" }],
    skill: ["POST /auth/v1/signin", basic, { verification_token: "vt" }],
  },
  {
    title: "signUp by phone",
    call: (client) =>
      client.signUp({
        phoneNumber: "+86 13800000000",
        verificationToken: "vt",
        verificationCode: "123456",
        username: "u",
        password: "p",
        name: "n",
      }),
    documented: [
      `POST /auth/v1/signup?${id}`,
      undefined,
      { phone_number: "+86 13800000000", verification_token: "vt", username: "u", password: "p", name: "n" },
    ],
    skill: [
      "POST /auth/v1/signup",
      basic,
      {
        phone_number: "+86 13800000000",
        verification_token: "vt",
        verification_code: "123456",
        username: "u",
        password: "p",
        name: "n",
      },
    ],
  },
  {
    title: "signUp by provider, with everything else",
    call: (client) =>
      client.signUp({ providerToken: "pt", gender: "MALE", picture: "p", locale: "zh", anonymousToken: "aat" }),
    documented: [
      `POST /auth/v1/signup?${id}`,
      undefined,
      { provider_token: "pt", gender: "MALE", picture: "p", locale: "zh", anonymous_token: "aat" },
    ],
    skill: [
      "POST /auth/v1/signup",
      basic,
      { provider_token: "pt", gender: "MALE", picture: "p", locale: "zh", anonymous_token: "aat" },
    ],
  },
  {
    title: "signInAnonymously",
    call: (client) => client.signInAnonymously(),
    documented: [`POST /auth/v1/signin/anonymously?${id}`, undefined, {}],
    skill: ["POST /auth/v1/signin-anonymously", basic, {}],
  },
  {
    title: "signInWithProvider",
    call: (client) =>
      client.signInWithProvider({
        providerToken: "pt",
        providerId: "wx_open",
        forceDisableSignUp: true,
        syncProfile: false,
      }),
    documented: [
      `POST /auth/v1/signin/with/provider?${id}`,
      undefined,
      { provider_token: "pt", provider_id: "wx_open", force_disable_sign_up: true, sync_profile: false },
    ],
  },
  {
    title: "signInWithTicket",
    call: (client) => client.signInWithTicket({ ticket: "t" }),
    documented: [`POST /auth/v1/signin/custom?${id}`, undefined, { provider_id: "custom", ticket: "t" }],
  },
  {
    title: "signInWithToken",
    call: (client) => client.signInWithToken({ signinToken: "t", provider: "access_point" }),
    documented: [`POST /auth/v1/signin/token?${id}`, undefined, { signin_token: "t", provider: "access_point" }],
  },
  {
    title: "signInWithWechat",
    call: (client) => client.signInWithWechat(),
    documented: [`POST /auth/v1/signin/wechat/noauth?${id}`, undefined, {}],
  },
];
