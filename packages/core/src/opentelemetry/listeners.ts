import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { diag } from "@opentelemetry/api";
import type { DiagnosticsEvents } from "../words/diagnostics.ts";

/** What is done about the events of some channels. */
export type Listeners = { readonly [Name in keyof DiagnosticsEvents]?: (event: DiagnosticsEvents[Name]) => void };

/** Subscribes to the channels; returns what ends that. */
export function listen(listeners: Listeners): () => void {
  const subscriptions = Object.entries(listeners).map(([name, listener]) => {
    const guarded = (event: unknown): void => {
      try {
        listener(event as never);
      } catch (error) {
        // Node would end the process for it.
        diag.error(`what was told on ${name} could not be recorded`, error);
      }
    };
    subscribe(name, guarded);
    return () => unsubscribe(name, guarded);
  });
  return () => {
    for (const end of subscriptions) end();
  };
}
