import { signedIn } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { lihua } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

const query = (input: { readonly id?: readonly string[] }) =>
  signedIn(({ client }, { accessToken }) => client.user.query({ accessToken, ...input }));

async function queryAnonymously({ client }: Scene): Promise<unknown> {
  const { accessToken } = await client.signInAnonymously();
  return client.user.query({ accessToken, username: lihua.username });
}

async function queryByTicket({ client, emulator }: Scene): Promise<unknown> {
  const ticket = client.createTicket({ key: await emulator.customLoginKey(), uid: "own-id-1" });
  const { accessToken } = await client.signInWithTicket({ ticket });
  return client.user.query({ accessToken, username: lihua.username });
}

const check = (username: string) =>
  signedIn(({ client }, { accessToken }) => client.user.checkUsername({ accessToken, username }));

const look = (input: { readonly limit: number; readonly pageToken?: string }) =>
  signedIn(({ client }, { accessToken }) => client.user.history({ accessToken, of: "logins", ...input }));

export const userRefusals: readonly Refusal[] = [
  ["user.query", "the caller is anonymous", queryAnonymously, "permission_denied"],
  ["user.query", "the caller came by a ticket", queryByTicket, "permission_denied"],
  ["user.query", "nothing is asked for", query({}), "invalid_argument"],
  ["user.query", "too much is asked for", query({ id: Array.from({ length: 51 }, String) }), "invalid_argument"],
  ["user.exists", "the name is empty", ({ client }) => client.user.exists({ username: "" }), "invalid_argument"],
  ["user.checkUsername", "the name is somebody's", check(lihua.username), "already_exists"],
  ["user.checkUsername", "the name may not be had", check("李华"), "invalid_argument"],
  ["user.history", "too much is asked for", look({ limit: 101 }), "invalid_argument"],
  ["user.history", "the page is unknown", look({ limit: 1, pageToken: "sentinel" }), "invalid_argument"],
  [
    "user.wedaInfo",
    "the server does not have it",
    signedIn(({ client }, { accessToken }) => client.user.wedaInfo({ accessToken })),
    "unimplemented",
  ],
  [
    "user.revokeDevice",
    "the user is not signed in there",
    signedIn(({ client }, { accessToken }) => client.user.revokeDevice({ accessToken, device: "another" })),
    "not_found",
  ],
];
