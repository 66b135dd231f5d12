export const flavours = ["TypeScript", "CommonJS", "JavaScript"] as const;
export const managers = ["npm", "pnpm"] as const;
export const nodes = ["22.19.0", "24.21.0", "26.10.0"] as const;

export interface Row<Kind> {
  readonly kind: Kind;
  readonly flavour: (typeof flavours)[number];
  readonly manager: (typeof managers)[number];
  readonly node: (typeof nodes)[number];
}

/** Every combination. */
export function everyRow<Kind>(kinds: readonly Kind[]): readonly Row<Kind>[] {
  return kinds.flatMap((kind) =>
    managers.flatMap((manager) =>
      nodes.flatMap((node) => flavours.map((flavour) => ({ kind, flavour, manager, node }))),
    ),
  );
}

/**
 * As few rows as a greedy choice finds in which every two values meet: each kind with each flavour, manager and Node, and
 * so on.
 */
export function coveringRows<Kind>(kinds: readonly Kind[]): readonly Row<Kind>[] {
  const all = everyRow(kinds);
  const open = new Set(all.flatMap((row) => pairsOf(row, kinds)));
  const chosen: Row<Kind>[] = [];
  while (open.size > 0) {
    let best: Row<Kind> | undefined;
    let most = 0;
    for (const row of all) {
      const count = pairsOf(row, kinds).filter((pair) => open.has(pair)).length;
      if (count > most) [best, most] = [row, count];
    }
    if (best === undefined) throw new Error("a pair that no row has");
    chosen.push(best);
    for (const pair of pairsOf(best, kinds)) open.delete(pair);
  }
  return chosen;
}

function pairsOf<Kind>({ kind, flavour, manager, node }: Row<Kind>, kinds: readonly Kind[]): readonly string[] {
  const values = [String(kinds.indexOf(kind)), flavour, manager, node];
  return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${one} with ${other}`));
}
