import { isEmail, isPhoneNumber } from "./state/address.ts";

/** A person at a third party, as its consent page offers it. */
export interface ProviderAccount {
  /** The third party's own id of the person. */
  readonly sub: string;
  readonly name: string;
  readonly picture?: string;
  readonly email?: string;
  readonly phoneNumber?: string;
  readonly gender?: string;
  readonly locale?: string;
}

/** A made-up third party that the emulator plays itself, consent page and all. */
export interface ProviderSettings {
  /** As in `provider_id`: letters, digits, "_" and "-". */
  readonly id: string;
  /** @default the id */
  readonly name?: string;
  /** `provider_type` in GET /auth/v1/user/provider; its values are not documented. @default "OAUTH" */
  readonly type?: string;
  readonly homepage?: string;
  readonly picture?: string;
  /** Others may be typed in on the page. @default Alice and Bob */
  readonly accounts?: readonly ProviderAccount[];
}

export interface ThirdParty extends ProviderSettings {
  readonly name: string;
  readonly type: string;
  readonly accounts: readonly ProviderAccount[];
}

const demoAccounts: readonly ProviderAccount[] = [
  { sub: "demo-alice", name: "Alice", email: "alice@demo-provider.example" },
  { sub: "demo-bob", name: "Bob", email: "bob@demo-provider.example" },
];

/** @throws TypeError that names the setting and what it may be */
export function checkProviders(
  given: readonly ProviderSettings[] = [{ id: "demo_provider", name: "Demo provider" }],
): readonly ThirdParty[] {
  if (!Array.isArray(given)) throw new TypeError('settings.providers must be an array such as [{ id: "github" }].');
  const checked = given.map((provider, index) => checkProvider(provider, `settings.providers[${String(index)}]`));
  const ids = new Set(checked.map(({ id }) => id));
  if (ids.size < checked.length) throw new TypeError("settings.providers: every id must be there once.");
  return checked;
}

function checkProvider(provider: ProviderSettings, at: string): ThirdParty {
  const { id, name = id, type = "OAUTH", accounts = demoAccounts } = provider;
  if (typeof id !== "string" || !/^[\w-]{1,64}$/.test(id)) {
    throw new TypeError(`${at}.id must be 1 to 64 letters, digits, "_" and "-".`);
  }
  if (id === "custom") throw new TypeError(`${at}.id: "custom" is the provider of custom tickets.`);
  for (const [index, account] of accounts.entries()) {
    const place = `${at}.accounts[${String(index)}]`;
    if (!isName(account.sub) || !isName(account.name)) throw new TypeError(`${place} needs a sub and a name.`);
    if (account.email !== undefined && !isEmail(account.email)) throw new TypeError(`${place}.email is none.`);
    if (account.phoneNumber !== undefined && !isPhoneNumber(account.phoneNumber)) {
      throw new TypeError(`${place}.phoneNumber must look like "+86 13800000000".`);
    }
  }
  return { ...provider, name, type, accounts };
}

const isName = (value: unknown): boolean => typeof value === "string" && value !== "" && value.length <= 200;
