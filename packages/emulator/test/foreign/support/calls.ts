import { isObject } from "../../support/api.ts";

type Call = (...parameters: readonly unknown[]) => unknown;

/** The methods of the SDKs that were called and did what they are for: "oauth signIn". */
const succeeded = new Set<string>();

export const successfulCalls = (): readonly string[] => [...succeeded].toSorted();

/** The same object; calls that succeed are counted. */
export function counted<Sdk extends object>(name: string, sdk: Sdk): Sdk {
  return new Proxy(sdk, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== "function" || typeof property !== "string") return member;
      return async (...parameters: readonly unknown[]): Promise<unknown> => {
        const answer: unknown = await Reflect.apply(member, target, parameters);
        if (!isObject(answer) || !answer["error"]) succeeded.add(`${name} ${property}`);
        return answer;
      };
    },
  });
}

/**
 * Calls of an object whose types are of no use: those of js-sdk lead to a package that it does not bring along, and so
 * everything is `any`.
 */
export function untyped<Name extends string>(sdk: object, names: readonly Name[]): Readonly<Record<Name, Call>> {
  const calls = names.map((name) => [name, (...parameters: readonly unknown[]) => callAt(sdk, [name], ...parameters)]);
  return Object.fromEntries(calls) as Record<Name, Call>;
}

/** What is at a path within an answer. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** A text within an answer; a test that needs one fails with the whole answer in its hand. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const text = at(value, ...path);
  if (typeof text === "string") return text;
  throw new Error(`no ${path.join(".")} in ${JSON.stringify(value)}`);
}

/** Calls a function within an answer. */
export async function callAt(
  value: unknown,
  path: readonly string[],
  ...parameters: readonly unknown[]
): Promise<unknown> {
  const owner = path.length > 1 ? at(value, ...path.slice(0, -1)) : value;
  const member: unknown =
    (typeof owner === "object" || typeof owner === "function") && owner !== null
      ? Reflect.get(owner, path.at(-1) ?? "")
      : undefined;
  if (typeof member !== "function") throw new Error(`no ${path.join(".")}() in ${JSON.stringify(value)}`);
  return Reflect.apply(member, owner, parameters);
}
