import { frameworks } from "./frameworks.ts";

/** Every contestant that gets its keys from a key set, ours first. */
export interface KeyFetcher {
  readonly framework: string;
  readonly contestant: string;
  readonly ours: boolean;
}

export function keyFetchers(): readonly KeyFetcher[] {
  const all = frameworks.flatMap(({ name: framework, contestants }) =>
    Object.entries(contestants)
      .filter(([, { fetchesKeys }]) => fetchesKeys)
      .map(([contestant, { part }]) => ({ framework, contestant, ours: part === "ours" })),
  );
  return [...all.filter(({ ours }) => ours), ...all.filter(({ ours }) => !ours)];
}

export function nameOf({ framework, contestant }: KeyFetcher): string {
  return `${contestant} (${framework})`;
}
