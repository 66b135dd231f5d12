import { metrics, trace } from "@opentelemetry/api";
import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import { listen } from "./listeners.ts";
import { createMetrics } from "./metrics.ts";
import { createSpans } from "./spans.ts";

/** Options of {@link instrument}. */
export interface InstrumentationOptions {
  /** @default the global one, as it is when `instrument()` is called */
  readonly meterProvider?: MeterProvider | undefined;
  /** @default the global one */
  readonly tracerProvider?: TracerProvider | undefined;
}

/** What {@link instrument} started. */
export interface Instrumentation {
  /** Ends it; what was recorded stays with the providers. */
  readonly stop: () => void;
}

const scope = "@cloudbase-auth/core";

/**
 * Records metrics and spans of all instances and clients in the process, from what they tell on the diagnostics channels.
 *
 * Call it once, after the OpenTelemetry SDK was started: the global meter provider is taken as it is then. Names and
 * attributes follow the semantic conventions where there are any; no attribute is a token, a claim or a user.
 *
 * @example
 * ```ts
 * import { instrument } from "@cloudbase-auth/core/opentelemetry";
 *
 * const instrumentation = instrument();
 * process.once("SIGTERM", instrumentation.stop);
 * ```
 */
export function instrument(options: InstrumentationOptions = {}): Instrumentation {
  const { meterProvider = metrics.getMeterProvider(), tracerProvider = trace.getTracerProvider() } = options;
  const { listeners, stop } = createMetrics(meterProvider.getMeter(scope));
  const stops = [stop, listen(listeners), listen(createSpans(tracerProvider.getTracer(scope)))];
  return Object.freeze({
    stop() {
      for (const end of stops.splice(0)) end();
    },
  });
}
