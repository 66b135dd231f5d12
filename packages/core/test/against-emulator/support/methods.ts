import type { AuthClient } from "../../../src/index.ts";

type Sending = Omit<AuthClient, "close">;

/** Every method of the client by its path, such as `user.me`. */
export type MethodName = {
  [Name in keyof Sending]: Sending[Name] extends (...input: never) => unknown
    ? Name
    : `${Name}.${keyof Sending[Name] & string}`;
}[keyof Sending];

/** The same of a client that is there. */
export function methodNames(client: AuthClient): readonly string[] {
  return Object.entries(client).flatMap(([name, member]: [string, unknown]) => {
    if (typeof member === "object" && member !== null) return Object.keys(member).map((inner) => `${name}.${inner}`);
    return name === "close" ? [] : [name];
  });
}

/** What became of a call. */
export interface Watched {
  readonly name: string;
  readonly input: unknown;
  readonly succeeded: boolean;
}

/** A client that tells of every call when it is over. */
export function watch<Calls extends object>(calls: Calls, tell: (call: Watched) => void, path = ""): Calls {
  // A copy, because a proxy of a frozen object must show the very same members.
  return new Proxy(
    { ...calls },
    {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        const name = path + String(key);
        if (typeof member === "object" && member !== null) return watch(member, tell, `${name}.`);
        if (typeof member !== "function") return member;
        return (...input: unknown[]): unknown => {
          const answer: unknown = Reflect.apply(member, target, input);
          const over = (succeeded: boolean) => () => tell({ name, input: input[0], succeeded });
          if (answer instanceof Promise) void answer.then(over(true), over(false));
          else over(true)();
          return answer;
        };
      },
    },
  );
}
