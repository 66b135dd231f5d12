/** A condition and whether it held; `undefined` if that cannot be told without asking the server. */
export type ExplainedCondition =
  | {
      readonly condition: "all" | "any" | "not";
      readonly held: boolean | undefined;
      readonly of: readonly ExplainedCondition[];
    }
  | {
      readonly condition:
        | "scopes"
        | "anyScope"
        | "groups"
        | "roles"
        | "providers"
        | "anonymous"
        | "freshSeconds"
        | "check";
      readonly held: boolean | undefined;
      /** What the requirement asks for; of a check nothing. Nothing of the user is in it. */
      readonly wanted?: readonly string[] | string | number;
    };

/** Why a request may pass or not, as data that is safe to log. */
export interface Explanation {
  readonly state: "authenticated" | "absent" | "rejected" | "unavailable";
  readonly held: boolean | undefined;
  /** Missing where there is no user whom anything could be asked about. */
  readonly requirement?: ExplainedCondition;
}
