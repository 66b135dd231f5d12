import * as v from "valibot";
import { RefusedFields } from "./refusal.ts";
import type { FieldProblem } from "./refusal.ts";
import { isKnownField } from "./fields.ts";

/** A body that a route takes: these fields and no others. */
export type Form = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/** What a form makes of a body; without a form there is none. */
export type FormOutput<Any extends Form> = [Any] extends [never] ? Readonly<Record<never, never>> : v.InferOutput<Any>;

const noFields = v.strictObject({});

/**
 * Reads a body by the form whose first field it has; else by one that has no fields, or by the first.
 *
 * @throws RefusedFields that names what is wrong, and never what was sent
 */
export function readForm<Any extends Form>(forms: readonly Any[], body: unknown): FormOutput<Any> {
  const form: Form =
    forms.find((candidate) => hasFirstField(candidate, body)) ?? forms.find(isEmpty) ?? forms[0] ?? noFields;
  const result = v.safeParse(form, body);
  if (!result.success) throw new RefusedFields(result.issues.map(problemOf));
  // The form is one of `forms`, which the compiler cannot follow through `find`.
  return result.output as FormOutput<Any>;
}

function isEmpty({ entries }: Form): boolean {
  return Object.keys(entries).length === 0;
}

function hasFirstField({ entries }: Form, body: unknown): boolean {
  const [first] = Object.keys(entries);
  return first !== undefined && typeof body === "object" && body !== null && Object.hasOwn(body, first);
}

function problemOf(issue: v.BaseIssue<unknown>): FieldProblem {
  const key = issue.path?.[0]?.key;
  const name = typeof key === "string" ? key : "";
  // A name may itself be a secret that somebody put into the wrong place.
  return { field: isKnownField(name) ? name : "?", problem: wordFor(issue) };
}

function wordFor({ kind, type, expected, received }: v.BaseIssue<unknown>): FieldProblem["problem"] {
  if (type === "strict_object")
    return expected === "never" ? "unknown" : received === "undefined" ? "required" : "type";
  if (kind === "schema") return type === "picklist" ? "format" : "type";
  return type === "min_length" || type === "max_length" ? "length" : "format";
}
