import { existsSync } from "node:fs";

/** Reference from the docstrings: a page for each door that users import. */
const doors = [
  ...["core/src/index.ts", "core/src/opentelemetry.ts"],
  ...["express", "koa", "fastify", "sessions", "redis", "testing", "emulator"].map((name) => `${name}/src/index.ts`),
];

export default {
  plugin: ["typedoc-plugin-markdown", "./build/name-modules.js"],
  tsconfig: "tsconfig.typedoc.json",
  entryPoints: doors.map((door) => `../${door}`).filter((door) => existsSync(new URL(door, import.meta.url))),
  out: "reference/api",
  readme: "none",
  disableGit: true,
  disableSources: true,
  excludeInternal: true,
  excludeExternals: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useHTMLAnchors: true,
  outputFileStrategy: "modules",
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  entryFileName: "index",
  logLevel: "Warn",
  skipErrorChecking: true, // the repository's own compiler, which is newer, has checked them
  validation: { notExported: false, invalidLink: false, rewrittenLink: false },
  blockTags: [
    ...["@default", "@deprecated", "@example", "@module", "@param", "@remarks", "@returns"],
    ...["@see", "@throws", "@typeParam"],
  ],
};
