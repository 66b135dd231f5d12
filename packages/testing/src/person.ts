import { randomInt } from "node:crypto";

/** Who signs in. What is left out is as in a token of CloudBase; nobody has to be registered. */
export interface Person {
  /** `user.id`. @default another one each time */
  readonly id?: string | undefined;
  /** An anonymous user. @default false */
  readonly anonymous?: boolean | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** As CloudBase writes it: `+86 13800000000`, with the space. */
  readonly phoneNumber?: string | undefined;
  readonly picture?: string | undefined;
  /** The login method, e.g. `email`. @default "username" */
  readonly provider?: string | undefined;
  /** @default none */
  readonly groups?: readonly string[] | undefined;
  /** @default none */
  readonly roles?: readonly string[] | undefined;
  /** All scopes of the token. @default ["user", "sso"] */
  readonly scopes?: readonly string[] | undefined;
  readonly openId?: string | undefined;
  readonly unionId?: string | undefined;
  /** Laid over all claims of the token, for those of your own; `undefined` takes one away. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A person as claims of CloudBase's access tokens, to be laid over the usual ones.
 *
 * @throws TypeError for a member that a person has not: who misspells `groups` would test somebody without any
 */
export function claimsOf(person: Person): Record<string, unknown> {
  const { id = newId(), anonymous = false, name = anonymous ? "Anonymous" : undefined, provider, claims } = person;
  const { groups = [], roles = [], openId = "", unionId = "" } = person;
  const surplus = Object.keys(person).find((member) => !members.includes(member));
  if (surplus !== undefined) throw new TypeError(`a person has no ${surplus}; there are ${members.join(", ")}`);
  const scopes = anonymous ? [...(person.scopes ?? []), "anonymous"] : person.scopes;
  return {
    sub: id,
    ...(scopes !== undefined && { scope: scopes.join(" ") }),
    ...(anonymous && { provider_type: undefined }),
    ...(provider !== undefined && { provider, provider_type: provider }),
    ...{ name, email: person.email, phone_number: person.phoneNumber, picture: person.picture },
    ...(groups.length > 0 && { groups }),
    ...(roles.length > 0 && { roles }),
    meta: { wxOpenId: openId, wxUnionId: unionId },
    ...claims,
  };
}

const members = Object.keys({
  ...{ id: true, anonymous: true, name: true, email: true, phoneNumber: true, picture: true, provider: true },
  ...{ groups: true, roles: true, scopes: true, openId: true, unionId: true, claims: true },
} satisfies Record<keyof Person, true>);

/** As CloudBase writes them: 19 decimal digits. */
function newId(): string {
  const digits = (): string => String(randomInt(1_000_000_000)).padStart(9, "0");
  return `1${digits()}${digits()}`;
}
