/**
 * Every error that this server can answer: the name on the wire, its number and its HTTP status, in one table.
 *
 * Where the public documentation says nothing, a value was chosen, and the row says so. Numbers below 17 are the
 * gRPC status codes, which the documented 3 and 7 follow; the 40xx numbers are those of the documentation's own
 * examples, which contradict each other. Tests should look at `error`, never at `error_code`.
 */
const table = {
  // documented: name, number and status (http-api/auth/auth-sign-in-anonymously, auth-reset-password)
  invalid_argument: { number: 3, status: 400 },
  permission_denied: { number: 7, status: 403 },
  // documented: name; the status follows "access token not correct or expired: 401" (openapi/auth/auth-grant-token)
  unauthenticated: { number: 16, status: 401 },
  // documented: name (openapi/auth/auth-grant-token); chosen: number, and the status of RFC 6749 §5.2
  invalid_client: { number: 16, status: 401 },
  unauthorized_client: { number: 16, status: 401 },
  unsupported_grant_type: { number: 3, status: 400 },
  // documented: name and number in an example; chosen: the status of RFC 6749 §5.2
  invalid_grant: { number: 4001, status: 400 },
  // documented: name and number in an example; chosen: status (gRPC's mapping to HTTP)
  invalid_password: { number: 4001, status: 400 },
  weak_password: { number: 4005, status: 400 },
  invalid_phone_number: { number: 4001, status: 400 },
  user_not_found: { number: 4004, status: 404 },
  // documented: name; chosen: number and status (gRPC's mapping to HTTP)
  not_found: { number: 5, status: 404 },
  failed_precondition: { number: 9, status: 400 },
  password_not_set: { number: 9, status: 400 },
  invalid_verification_code: { number: 3, status: 400 },
  internal: { number: 13, status: 500 },
} as const;

/** The `error` member of an error body. */
export type ApiErrorName = keyof typeof table;

export const isApiErrorName = (text: string): text is ApiErrorName => Object.hasOwn(table, text);

/** The JSON body of every error: docs.cloudbase.net http-api/auth. */
export interface ErrorBody {
  readonly error: ApiErrorName;
  readonly error_code: number;
  readonly error_description: string;
}

/** A refusal. Thrown by operations, written to the wire by the server. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly error: ApiErrorName;
  readonly status: number;

  /** @param status - only where HTTP itself has a more exact one, such as 413 */
  constructor(error: ApiErrorName, description: string, status: number = table[error].status) {
    super(description);
    this.error = error;
    this.status = status;
  }

  toBody(): ErrorBody {
    return { error: this.error, error_code: table[this.error].number, error_description: this.message };
  }
}
