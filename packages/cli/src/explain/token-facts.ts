import type { OneEnvironment, OpenEnvironment } from "../configuration.ts";
import type { UnverifiedToken } from "./decode-unverified.ts";

/** What the sentences about a token are made of. */
export interface Facts extends UnverifiedToken {
  readonly token: string;
  readonly options: OneEnvironment;
  readonly where: Pick<OpenEnvironment, "envId" | "endpoint">;
  readonly nowMs: number;
}

/** The audiences that the configuration accepts, as the core fills them in. */
export function acceptedAudience({ options, where }: Facts): string {
  const { audience } = options;
  if (audience !== undefined) return listOf(audience);
  const clientId = options.clientId ?? (process.env["CLOUDBASE_CLIENT_ID"] || undefined);
  return listOf(clientId === undefined ? [where.envId] : [where.envId, clientId]);
}

export const acceptedAlgorithms = ({ options }: Facts): string => listOf(options.algorithms ?? ["RS256"]);

/** A claim as people read it; what is no text or list of texts as JSON. */
export function shown(value: unknown): string {
  if (value === undefined) return "(missing)";
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

function listOf(values: string | readonly string[]): string {
  return (typeof values === "string" ? [values] : values).map((value) => `"${value}"`).join(", ");
}
