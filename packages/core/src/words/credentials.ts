import type { AuthRequest } from "./auth.ts";

/** What one source has to say of a request. */
export type Presented =
  | { readonly kind: "absent" }
  /** `Bearer` and the token: the header itself, where that is how it is written. */
  | {
      readonly kind: "token";
      readonly credentials: string;
      /** The answer must be kept nowhere. */
      readonly noStore?: true;
      /** Browsers send it by themselves, for pages of other sites too. */
      readonly ambient?: true;
    }
  | {
      readonly kind: "refused";
      readonly reason: "malformed_header" | "repeated_header" | "several_methods" | "cross_site";
    };

/** A way in which requests present an access token: {@link fromHeader}, {@link fromCookie}, {@link fromQuery}, {@link fromForm}, {@link fromCloudbaseContext}. */
export interface CredentialsSource {
  readonly name: string;
  /** Whether it reads `request.body`, so that adapters authenticate after the body is parsed. */
  readonly readsBody: boolean;
  readonly read: (request: AuthRequest) => Presented;
}
