import type { Recipient, TokenSet } from "../../../src/index.ts";
import { lihua, password } from "./stage.ts";
import type { Scene } from "./stage.ts";

/** Somebody who is nobody's user yet. */
export const newcomer = "+86 13900000000";
export const app = "https://app.example/callback?kept=1";

/** A token set with everything that a person's has. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sub: string;
}

export function sessionOf({ accessToken, refreshToken, sub }: TokenSet): Session {
  if (refreshToken === undefined || sub === undefined) throw new Error("no refresh token, or no sub");
  return { accessToken, refreshToken, sub };
}

export const recipient = (to: string): Recipient => (to.startsWith("+") ? { phoneNumber: to } : { email: to });

/** Has a code sent, reads it from the inbox, and trades it in. */
export async function prove({ client, emulator }: Scene, to: string) {
  const { verificationId } = await client.verification.send(recipient(to));
  const verificationCode = emulator.inbox.latest(to);
  if (verificationCode === undefined) throw new Error(`no code was sent to ${to}`);
  const { verificationToken } = await client.verification.verify({ verificationId, verificationCode });
  return { verificationToken, verificationCode };
}

/** Signs somebody in by a code, which is quick: no password is hashed. */
export async function enter(scene: Scene, to: string = lihua.phoneNumber): Promise<Session> {
  const { verificationToken } = await prove(scene, to);
  return sessionOf(await scene.client.signIn({ verificationToken }));
}

/** Signs somebody up by a code. */
export async function join(scene: Scene, to: string = newcomer): Promise<Session> {
  return sessionOf(await scene.client.signUp({ ...recipient(to), ...(await prove(scene, to)) }));
}

/** A sudo token by a code. */
export async function elevate(scene: Scene, { accessToken }: Session, to: string = lihua.phoneNumber): Promise<string> {
  const { verificationToken } = await prove(scene, to);
  return (await scene.client.user.sudo({ accessToken, verificationToken })).sudoToken;
}

/** Goes to the third party as somebody, agrees, and comes back with a code. */
export async function agree({ client, emulator }: Scene, sub: string): Promise<string> {
  const state = "state-1";
  const { uri } = await client.providers.redirectUri({ providerId: "demo_provider", redirectUri: app, state });
  const answer = await fetch(uri, {
    method: "POST",
    body: new URLSearchParams({ redirect_uri: app, state, decision: "approve", sub, name: `Name of ${sub}` }),
    redirect: "manual",
    headers: { origin: emulator.endpoint },
  });
  const back = new URL(answer.headers.get("location") ?? "about:blank");
  const code = back.searchParams.get("code");
  if (code === null || back.searchParams.get("state") !== state) throw new Error(`came back to ${back.href}`);
  return code;
}

/** A provider token of somebody at the third party. */
export async function vouch(scene: Scene, sub: string): Promise<string> {
  const code = await agree(scene, sub);
  return (await scene.client.providers.exchange({ providerId: "demo_provider", code, redirectUri: app })).providerToken;
}

/** Gives wrong passwords, as many as are asked for. */
export async function guess({ client }: Scene, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const wrong = client.signIn({ username: lihua.username, password: `${password}-wrong` });
    await wrong.then(
      () => Promise.reject(new Error("a wrong password signs in")),
      () => undefined,
    );
  }
}

/** What somebody does who has signed in: Lihua, or whoever has the number. */
export const signedIn =
  (act: (scene: Scene, session: Session) => Promise<unknown>, to?: string) =>
  async (scene: Scene): Promise<unknown> =>
    act(scene, await enter(scene, to));

/** The same of an anonymous user. */
export const anonymously =
  (act: (scene: Scene, accessToken: string) => Promise<unknown>) =>
  async (scene: Scene): Promise<unknown> =>
    act(scene, (await scene.client.signInAnonymously()).accessToken);
