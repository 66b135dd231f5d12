import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { readAnswer, sentIn } from "../protocol/api-failure.ts";
import type { DialectForms } from "../protocol/dialect.ts";
import type { StrictObject } from "../protocol/strict-json.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { CallOptions } from "../words/client-options.ts";
import { HttpError } from "./http.ts";
import type { HttpClient, HttpRequest } from "./http.ts";

type QueryValue = string | boolean | number | readonly string[] | undefined;

/** Who a call is made as. */
export type Caller =
  /** Our client; with `Basic` in the dialect and on the calls that have it there. */
  | { readonly kind: "client"; readonly basicInSkill?: boolean }
  /** A user. */
  | { readonly kind: "user"; readonly accessToken: string }
  /** The owner of a cloud API key. */
  | { readonly kind: "secret"; readonly secretId: string; readonly secretKey: string };

/** One call of the Auth API. Members that are `undefined` are not sent. */
export interface ApiCall {
  /** The client's own name of it, for errors. */
  readonly name: string;
  readonly method: HttpRequest["method"];
  readonly path: string;
  /** The path as it may be told of, where it holds more than fixed words. */
  readonly template?: string;
  readonly as: Caller;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiCallerParts {
  readonly environment: string;
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly forms: DialectForms;
  readonly deviceId: string;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  readonly http: HttpClient;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** What came back. */
export interface ApiResult {
  readonly answer: StrictObject;
  readonly requestId: string;
}

/** Makes calls. @throws AuthApiError, or the reason of an aborted signal */
export type ApiCaller = (call: ApiCall, options?: CallOptions) => Promise<ApiResult>;

const maxAnswerBytes = 1_024 * 1_024;
const maxAttempts = 3;
const firstPauseMs = 200;

/**
 * The transport of the client, the one place where its requests are made: identification, ids, time, repetition.
 *
 * Only GETs are repeated, and only after a transport failure, 429 or 503, within the call's own time; `Retry-After` is
 * obeyed, and one that asks for more time than the call has ends it. Redirects are not followed.
 */
export function createApiCaller(parts: ApiCallerParts): ApiCaller {
  const { http, monotonic, random } = parts;

  return async function call(api, options = {}) {
    const requestId = headerValue("requestId", options.requestId ?? newId());
    const request = {
      ...buildRequest(parts, api),
      connectTimeoutMs: options.connectTimeoutMs ?? parts.connectTimeoutMs,
    };
    const headers = {
      ...request.headers,
      "x-device-id": headerValue("deviceId", options.deviceId ?? parts.deviceId),
      "x-request-id": requestId,
    };
    const deadline = monotonic() + (options.timeoutMs ?? parts.timeoutMs);
    for (let attempt = 1; ; attempt += 1) {
      options.signal?.throwIfAborted();
      const leftMs = Math.max(1, Math.ceil(deadline - monotonic()));
      const answer = await send({ ...request, headers }, leftMs, attempt - 1);
      if (!(answer instanceof AuthApiError)) return { answer, requestId };
      const pauseMs = pauseBefore(answer, attempt);
      if (api.method !== "GET" || attempt === maxAttempts || !isPassing(answer) || monotonic() + pauseMs >= deadline)
        throw answer;
      await wait(pauseMs, undefined, { ...(options.signal && { signal: options.signal }) }).catch((error: unknown) => {
        // The timer's own AbortError only has the reason as its cause.
        options.signal?.throwIfAborted();
        throw error;
      });
    }

    async function send(
      toSend: typeof request,
      totalTimeoutMs: number,
      resends: number,
    ): Promise<StrictObject | AuthApiError> {
      const { environment, endpoint } = parts;
      const about = { environment, call: api.name, url: endpoint + (api.template ?? api.path), resends };
      const limits = { connectTimeoutMs: toSend.connectTimeoutMs, totalTimeoutMs, maxBodyBytes: maxAnswerBytes };
      try {
        const {
          status,
          headers: answered,
          body,
        } = await http.send({ ...toSend, limits, about, signal: options.signal });
        const retryAfter = answered["retry-after"];
        return readAnswer(api.name, requestId, {
          status,
          body,
          retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
          sent: sentIn(toSend),
        });
      } catch (cause) {
        if (!(cause instanceof HttpError)) throw cause;
        return new AuthApiError(api.name, { kind: "unavailable", error: "unreachable", requestId, cause });
      }
    }
  };

  /** Half of the pause is random, so that many processes do not come back at once. */
  function pauseBefore({ retryAfterSeconds }: AuthApiError, attempt: number): number {
    if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1_000;
    return firstPauseMs * 2 ** (attempt - 1) * (0.5 + random() / 2);
  }
}

function isPassing({ upstreamStatus: status }: AuthApiError): boolean {
  return status === undefined || status === 429 || status === 503;
}

function buildRequest(parts: ApiCallerParts, { method, path, as, query, body, headers }: ApiCall) {
  const url = new URL(parts.endpoint + path);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const single of Array.isArray(value) ? value : [value]) {
      if (single !== undefined) url.searchParams.append(name, String(single));
    }
  }
  const authorization = authorizationOf(parts, as);
  if (as.kind === "client" && authorization === undefined) url.searchParams.set("client_id", parts.clientId);
  return {
    method,
    url: url.href,
    headers: {
      ...headers,
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

function authorizationOf({ forms, clientId, clientSecret }: ApiCallerParts, as: Caller): string | undefined {
  switch (as.kind) {
    case "user":
      return `Bearer ${headerValue("accessToken", as.accessToken)}`;
    case "secret":
      return basic(as.secretId, as.secretKey);
    case "client":
      if (as.basicInSkill !== true || forms.clientAuthentication !== "Basic") return undefined;
      return basic(clientId, clientSecret ?? "");
  }
}

function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`, "utf8").toString("base64")}`;
}

/** 32 hexadecimal digits, as the official SDK makes them. */
export function newId(): string {
  return randomBytes(16).toString("hex");
}

/** @throws TypeError naming the member; never its value, which may be a token */
export function headerValue(name: string, value: string): string {
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw new TypeError(`${name} must be a non-empty string of visible ASCII characters`);
  }
  if (name === "deviceId" && value.length > 71) throw new TypeError("deviceId must be at most 71 characters");
  return value;
}
