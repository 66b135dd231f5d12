import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { Call } from "./operation.ts";

/** An endpoint that there is, of which too little is known to answer anything true. */
export const unimplemented =
  (why: string) =>
  (_environment: Environment, _call: Call): never => {
    throw new ApiError("unimplemented", `this emulator does not have it: ${why}`);
  };
