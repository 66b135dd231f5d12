import { isText, t } from "./texts.js";

/**
 * The sentence for a refusal as a whole, by its code and reason.
 *
 * @param {import("./api.js").Problem} problem
 */
export function sentenceFor({ code, reason, waitSeconds }) {
  const key = [`problem.${code}.${reason}`, `problem.${code}`].find(isText) ?? "problem.unknown";
  return t(key, { wait: duration(waitSeconds) });
}

/**
 * The sentence for what a refusal says of one field.
 *
 * @param {import("./api.js").FieldProblem} problem
 */
export function sentenceForField({ field, problem }) {
  const key = [`field.${field}.${problem}`, `field.${problem}`].find(isText) ?? "field.format";
  return t(key);
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 120) return t("wait.seconds", { count: Math.max(1, seconds) });
  return t("wait.minutes", { count: Math.ceil(seconds / 60) });
}
