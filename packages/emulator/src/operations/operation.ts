import type { Credentials } from "../credentials.ts";
import type { Environment } from "../state/environment.ts";
import type { AccessToken } from "./access-token.ts";
import type { Client } from "./client.ts";
import type { Fields } from "./fields.ts";

/** A request, freed from HTTP. */
export interface Call {
  readonly query: Fields;
  /** The parts of the path that the endpoint table names with a colon. */
  readonly params: Fields;
  /** The JSON body; `{}` when there was none. */
  readonly body: Fields;
  readonly credentials: Credentials;
  /** The header x-device-id, shorter than 72 characters. */
  readonly deviceId: string | undefined;
  /** Query `captcha_token`, as the official SDK sends it, or the header x-captcha-token, as documented. */
  readonly captchaToken: string | undefined;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** A call by a client; a secret, if one was sent, was right. */
export interface ClientCall extends Call {
  readonly client: Client;
}

/** A call by a signed-in user. */
export interface UserCall extends Call {
  readonly caller: AccessToken;
}

/**
 * One thing the API can do: reads and changes the environment, and answers the JSON body of a 200.
 *
 * @throws ApiError for everything that the caller did wrong
 */
export type Operation<In extends Call> = (environment: Environment, call: In) => object | Promise<object>;
