import { parseSync } from "vite";

/** One way in which a file reaches for another. */
export interface Import {
  /** What stands between the quotes; `undefined` where it is computed. */
  readonly specifier: string | undefined;
  /**
   * `type` is erased; `static` is loaded with the file, `dynamic` when the line runs. Re-exports are counted as the one
   * of these that they are.
   */
  readonly kind: "type" | "static" | "dynamic";
  readonly line: number;
}

interface Parsed {
  readonly imports: readonly Import[];
  /** Whether the file does nothing but export what others define. */
  readonly onlyReExports: boolean;
  readonly hasDefaultExport: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [name: string]: unknown;
}

/** Reads every import of a file from its syntax tree. @throws Error for text that is no TypeScript */
export function parseFile(path: string, text: string): Parsed {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const imports: Import[] = [];
  const body: unknown = program.body;
  const statements = Array.isArray(body) ? body.filter(isNode) : [];
  visit(statements, (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, line: text.slice(0, node.start).split("\n").length });
  });
  return {
    imports,
    onlyReExports: statements.every(isReExport),
    hasDefaultExport: statements.some(exportsDefault),
  };
}

function importOf(node: Node): Omit<Import, "line"> | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier: textOf(node["source"]), kind: node["importKind"] === "type" ? "type" : "static" };
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      if (!isNode(node["source"])) return undefined;
      return { specifier: textOf(node["source"]), kind: node["exportKind"] === "type" ? "type" : "static" };
    case "TSImportType":
      return { specifier: textOf(node["source"]) ?? textOf(node["argument"]), kind: "type" };
    case "TSImportEqualsDeclaration": {
      const reference = node["moduleReference"];
      if (!isNode(reference) || reference.type !== "TSExternalModuleReference") return undefined;
      return { specifier: textOf(reference["expression"]), kind: node["importKind"] === "type" ? "type" : "static" };
    }
    case "ImportExpression":
      return { specifier: textOf(node["source"]), kind: "dynamic" };
    case "CallExpression":
      return isLoader(node["callee"]) ? { specifier: textOf(firstOf(node["arguments"])), kind: "dynamic" } : undefined;
    default:
      return undefined;
  }
}

/** `require(…)`, `require.resolve(…)`, `import.meta.resolve(…)` and `createRequire(…)(…)`. */
function isLoader(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Identifier") return callee["name"] === "require";
  if (callee.type === "CallExpression") return isNode(callee["callee"]) && callee["callee"]["name"] === "createRequire";
  if (callee.type !== "MemberExpression" || !isNode(callee["property"])) return false;
  const { object, property } = callee as Node & { readonly property: Node };
  if (property["name"] !== "resolve" || !isNode(object)) return false;
  return object.type === "MetaProperty" || (object.type === "Identifier" && object["name"] === "require");
}

/** Not `import type {} from …` either: declarations lose it, and with it the `declare global` that it brings in. */
function isReExport(node: Node): boolean {
  if (node.type === "ExportAllDeclaration") return true;
  return node.type === "ExportNamedDeclaration" && isNode(node["source"]);
}

function exportsDefault(node: Node): boolean {
  if (node.type === "ExportDefaultDeclaration") return true;
  const specifiers = node.type === "ExportNamedDeclaration" ? node["specifiers"] : undefined;
  if (!Array.isArray(specifiers)) return false;
  return specifiers.some((specifier) => isNode(specifier) && nameOf(specifier["exported"]) === "default");
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const entry of value) visit(entry, look);
  } else if (typeof value === "object" && value !== null) {
    if (isNode(value)) look(value);
    for (const entry of Object.values(value)) visit(entry, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function nameOf(value: unknown): unknown {
  return isNode(value) ? (value["name"] ?? value["value"]) : undefined;
}

/** The text of a string literal, also one that a type or a template without holes wraps. */
function textOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === "TSLiteralType") return textOf(value["literal"]);
  if (typeof value["value"] === "string") return value["value"];
  const quasi = value.type === "TemplateLiteral" ? firstOf(value["quasis"]) : undefined;
  if (!isNode(quasi) || (Array.isArray(value["expressions"]) && value["expressions"].length > 0)) return undefined;
  const cooked: unknown = quasi["value"];
  return typeof cooked === "object" && cooked !== null && "cooked" in cooked ? String(cooked.cooked) : undefined;
}
