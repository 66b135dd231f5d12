/**
 * The door for users of OpenTelemetry; needs `@opentelemetry/api`, which the rest of the package does without.
 *
 * @module
 */
export { instrument } from "./opentelemetry/instrument.ts";
export type { Instrumentation, InstrumentationOptions } from "./opentelemetry/instrument.ts";
