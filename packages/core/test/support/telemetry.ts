import { AsyncLocalStorage } from "node:async_hooks";
import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, context, createNoopMeter, trace } from "@opentelemetry/api";
import type {
  Attributes,
  Context,
  Meter,
  MeterProvider,
  MetricOptions,
  ObservableCallback,
  Span,
  SpanOptions,
  TracerProvider,
} from "@opentelemetry/api";

/** One recorded value of a metric. */
interface Point {
  readonly name: string;
  readonly value: number;
  readonly attributes: Attributes;
}

interface RecordedSpan extends SpanOptions {
  readonly name: string;
  readonly parent: Span | undefined;
  status?: unknown;
  endTime?: unknown;
}

/** Providers that keep what they are given, in the place of an SDK with exporters. */
export interface Telemetry {
  readonly meterProvider: MeterProvider;
  readonly tracerProvider: TracerProvider;
  readonly points: Point[];
  readonly spans: RecordedSpan[];
  /** Instruments by name. */
  readonly instruments: Map<string, MetricOptions>;
  /** What the observable instruments say now. */
  observe(): Point[];
}

export function createTelemetry(): Telemetry {
  const points: Point[] = [];
  const spans: RecordedSpan[] = [];
  const instruments = new Map<string, MetricOptions>();
  const callbacks = new Map<ObservableCallback, string>();

  function recorder(name: string, options: MetricOptions = {}) {
    instruments.set(name, options);
    const record = (value: number, attributes: Attributes = {}): void => void points.push({ name, value, attributes });
    return { add: record, record };
  }

  // Not the meter itself: there is one for all.
  const meter: Meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
    createCounter: recorder,
    createHistogram: recorder,
    createObservableGauge(name: string, options: MetricOptions = {}) {
      instruments.set(name, options);
      return {
        addCallback: (callback: ObservableCallback): void => void callbacks.set(callback, name),
        removeCallback: (callback: ObservableCallback): void => void callbacks.delete(callback),
      };
    },
  });

  function startSpan(name: string, options: SpanOptions = {}, under: Context = context.active()): Span {
    const recorded: RecordedSpan = { name, ...options, parent: trace.getSpan(under) };
    spans.push(recorded);
    const span: Span = Object.assign(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), {
      setStatus(status: unknown) {
        recorded.status = status;
        return span;
      },
      end: (endTime: unknown) => void (recorded.endTime = endTime),
    });
    return span;
  }

  return {
    ...{ points, spans, instruments },
    meterProvider: { getMeter: () => meter },
    tracerProvider: {
      getTracer: () => ({
        startSpan,
        startActiveSpan: () => {
          throw new Error("no span is made active: it would be propagated");
        },
      }),
    },
    observe() {
      const observed: Point[] = [];
      for (const [callback, name] of callbacks) {
        const observe = (value: number, attributes: Attributes = {}): void =>
          void observed.push({ name, value, attributes });
        void callback({ observe });
      }
      return observed;
    },
  };
}

/** Makes `context.active()` follow asynchronous calls, as the SDK for Node does; returns what ends that. */
export function followContext(): () => void {
  const storage = new AsyncLocalStorage<Context>();
  const manager: Parameters<typeof context.setGlobalContextManager>[0] = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...args) => storage.run(active, () => run.call(self, ...args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
  return () => context.disable();
}
