/**
 * What is written of one endpoint, and by whom. A cell is a request's form: `Basic` or `Bearer` where it is
 * authenticated, then its members in backticks; without a Bearer `client_id` may stand in the query of each.
 */
export interface EndpointFacts {
  /** As `POST /auth/v1/token`; a part with a colon may be anything. */
  readonly endpoint: string;
  /** In the HTTP skill text. */
  readonly skill?: string;
  /** In the HTTP API documentation. */
  readonly documented?: string;
  /** Where: the last part of the page's address below `http-api/auth/`, or a longer one. */
  readonly page?: string;
  /** In the official web SDK, `@cloudbase/oauth`. */
  readonly sdk?: string;
  /** What the emulator does beyond, or short of, what is documented. */
  readonly emulator?: string;
}

/** A part of the API, in the order of its documentation. */
export interface EndpointGroup {
  readonly title: string;
  readonly endpoints: readonly EndpointFacts[];
}
