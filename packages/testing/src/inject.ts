/** What an injected request needs of the kit: all else that `inject()` takes goes through as it is. */
export interface InjectedRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly [option: string]: unknown;
}

/** A Fastify application, or whatever else answers requests without a socket in its way. */
export interface Injectable<Answer> {
  inject(request: { readonly url: string; readonly headers: Record<string, string> }): Promise<Answer>;
}

/** `inject()` with the headers of somebody. */
export type Inject<Answer> = (request: string | InjectedRequest) => Promise<Answer>;

/** Headers of a request itself win. */
export function injectWith<Answer>(app: Injectable<Answer>, headers: Readonly<Record<string, string>>): Inject<Answer> {
  return (request) => {
    const { headers: own, ...rest } = typeof request === "string" ? { url: request } : request;
    return app.inject({ ...rest, headers: { ...headers, ...own } });
  };
}
