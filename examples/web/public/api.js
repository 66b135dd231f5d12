/**
 * What a refusal says (RFC 9457): `reason`, `errors` and `captcha` where there are any.
 *
 * @typedef {{ field: string, problem: string }} FieldProblem
 * @typedef {{ status: number, code: string, reason?: string, errors?: FieldProblem[], captcha?: { image: string }, waitSeconds: number }} Problem
 * @typedef {{ ok: true, body: any } | { ok: false, problem: Problem }} Result
 */

/**
 * Asks the server that this page came from. The cookie goes along by itself; there is nothing else to send.
 *
 * @param {"GET" | "POST" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Result>}
 */
export async function call(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === "" ? {} : JSON.parse(text);
    if (response.ok) return { ok: true, body: answer };
    const waitSeconds = Number(response.headers.get("Retry-After") ?? 0);
    return { ok: false, problem: { code: "unknown", ...answer, status: response.status, waitSeconds } };
  } catch {
    // No answer, or none of ours: a proxy's page, say.
    return { ok: false, problem: { status: 0, code: "out_of_reach", waitSeconds: 0 } };
  }
}
