import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { unpackDebian } from "./debian.ts";
import type { DebianPackages } from "./debian.ts";

/** How to start a Redis or a Valkey. */
export interface ServerBinary {
  readonly command: string;
  /** What comes before its own. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

interface Server {
  /** On PATH. */
  readonly names: readonly string[];
  readonly packages: DebianPackages;
}

const redis: Server = {
  names: ["redis-server", "valkey-server"],
  packages: { names: ["redis-server", "redis-tools", "libjemalloc2", "liblzf1"] },
};
/** Of a newer Debian than most have, and so with the C library that it was made for. */
const valkey: Server = {
  names: ["valkey-server"],
  packages: {
    suite: "trixie",
    names: [
      ...["valkey-server", "valkey-tools", "libc6", "libgcc-s1", "libstdc++6", "libjemalloc2", "liblzf1"],
      ...[
        "libsystemd0",
        "libcap2",
        "libssl3t64",
        "libzstd1",
        "liblua5.1-0",
        "lua-bitop",
        "lua-cjson",
        "libhiredis1.1.0",
      ],
    ],
  },
};

const ownCache = join(import.meta.dirname, "../../../../node_modules/.cache");

/**
 * `redis-server` or `valkey-server` on PATH, else Debian's package, unpacked below node_modules; with the variable
 * `TEST_SERVER=valkey` it is Valkey, and nothing else. `TEST_SERVER_CACHE` says where to unpack.
 *
 * @throws Error that says what is missing
 */
export function findServer(env: NodeJS.ProcessEnv = process.env): ServerBinary {
  const { PATH = "", TEST_SERVER: which = "redis", TEST_SERVER_CACHE: cache = ownCache } = env;
  const { names, packages } = which === "valkey" ? valkey : redis;
  for (const name of names) {
    const folder = PATH.split(delimiter).find((candidate) => existsSync(join(candidate, name)));
    if (folder !== undefined) return { command: join(folder, name), args: [], env };
  }
  const root = join(cache, which, "root");
  try {
    unpackDebian(packages, root, env);
  } catch (cause) {
    throw new Error(
      `the tests of @cloudbase-auth/redis need ${names.join(" or ")} >= 7 on PATH (Debian: apt-get install ${names[0] ?? ""})`,
      { cause },
    );
  }
  const libraries = globSync(join(root, "usr/lib/*-linux-*")).join(":");
  const server = join(root, "usr/bin", names[0] ?? "");
  const [loader] = globSync(join(root, "usr/lib/*-linux-*/ld-linux-*.so.*"));
  if (loader !== undefined) return { command: loader, args: ["--library-path", libraries, server], env };
  return { command: server, args: [], env: { ...env, LD_LIBRARY_PATH: libraries } };
}
