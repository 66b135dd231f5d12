/** The environment that a call is about: the one that is named, or the only one. @throws TypeError if that is none */
export function nameEnvironment<Environment extends { readonly envId: string }>(
  environments: readonly Environment[],
  envId: string | undefined,
): Environment {
  const [only, second] = environments;
  const own =
    envId === undefined && second === undefined
      ? only
      : environments.find((environment) => environment.envId === envId);
  if (own !== undefined) return own;
  throw new TypeError(`option environment must be one of ${environments.map((known) => known.envId).join(", ")}`);
}
