import type { AuthClient } from "../../../src/index.ts";

export const identity = { envId: "demo", clientId: "my-client", clientSecret: "s:cret" };
export const basic = `Basic ${Buffer.from("my-client:s:cret").toString("base64")}`;
export const bearer = "Bearer at";

export const id = "client_id=my-client";
export const at = { accessToken: "at" };

/** Request line, Authorization and body, each exactly as it must be on the wire. */
type Wire = readonly [line: string, authorization: string | undefined, body: object | undefined];

export interface WireRow {
  readonly title: string;
  readonly call: (client: AuthClient) => Promise<object>;
  readonly documented: Wire;
  /** @default the documented one */
  readonly skill?: Wire;
}
