const literal = /^[\w.~%@&',;=-]+$/;
const parameter = /^:\w+$/;

/**
 * Whether every request that a route's path matches begins with `prefix`, both as path-to-regexp reads them.
 *
 * It says yes only where that is plain: segment for segment the same, or a parameter in the prefix. Wildcards, optional
 * parts and regular expressions are not followed: a route behind such a guard counts as not covered by it.
 */
export function coversPath(prefix: string, path: string): boolean {
  if (!/^(?:\/|$)/.test(prefix)) return false;
  const found = segmentsOf(path);
  return segmentsOf(prefix).every((segment, index) => {
    const other = found[index];
    if (other === undefined || !isPlain(segment) || !isPlain(other)) return false;
    return segment === other || parameter.test(segment);
  });
}

/** One path below another, as routers put them together. */
export function joinPaths(mount: string, path: string): string {
  return `/${[...segmentsOf(mount), ...segmentsOf(path)].join("/")}`;
}

function segmentsOf(path: string): string[] {
  const inner = path.replace(/^\//, "").replace(/\/+$/, "");
  return inner === "" ? [] : inner.split("/");
}

function isPlain(segment: string): boolean {
  return literal.test(segment) || parameter.test(segment);
}
