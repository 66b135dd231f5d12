import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { Tracer } from "@opentelemetry/api";
import type { Listeners } from "./listeners.ts";
import { attributesOfRequest, errorTypeOf } from "./upstream.ts";

/**
 * A span for each request to the Auth API, under the span in whose course it was sent. It is made when the request has
 * ended, and no trace context is sent along: the Auth API is not ours.
 */
export function createSpans(tracer: Tracer): Listeners {
  return {
    "cloudbase-auth:upstream_request"(event) {
      const { method, url, resends, durationMs } = event;
      const endTime = Date.now();
      const template = new URL(url).pathname;
      const span = tracer.startSpan(`${method} ${decodeURI(template)}`, {
        kind: SpanKind.CLIENT,
        startTime: endTime - durationMs,
        attributes: {
          ...attributesOfRequest(event),
          "url.full": url,
          ...(resends > 0 && { "http.request.resend_count": resends }),
        },
      });
      if (errorTypeOf(event) !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(endTime);
    },
  };
}
