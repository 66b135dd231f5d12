import assert from "node:assert/strict";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { instrument } from "@cloudbase-auth/core/opentelemetry";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const spans = new InMemorySpanExporter();
const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
const meterProvider = new MeterProvider({ readers: [reader] });
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
const { stop } = instrument({ meterProvider, tracerProvider });
const auth = createCloudbaseAuth({ envId: "demo", endpoint: "http://127.0.0.1:1", onWarning() {} });
await auth.authenticate({ headers: { authorization: "Bearer rubbish" } });
await assert.rejects(auth.ready());
await reader.forceFlush();
stop();
const names = metrics
  .getMetrics()
  .flatMap(({ scopeMetrics }) => scopeMetrics)
  .flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name));
assert.deepEqual(names.sort(), [
  "cloudbase_auth.authentications",
  "cloudbase_auth.key_set.fetches",
  "http.client.request.duration",
]);
assert.deepEqual(
  spans.getFinishedSpans().map(({ name }) => name),
  ["GET /auth/v1/certs"],
);
console.log(`core/opentelemetry: ${names.join(", ")}`);
await meterProvider.shutdown();
