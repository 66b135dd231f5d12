/** Does what is asked for once for all who ask at the same time under the same key. */
export type SingleFlight<Value> = (key: string, work: () => Promise<Value>) => Promise<Value>;

export function createSingleFlight<Value>(): SingleFlight<Value> {
  const underWay = new Map<string, Promise<Value>>();
  return function once(key, work) {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const working = work().finally(() => underWay.delete(key));
    underWay.set(key, working);
    return working;
  };
}
