import type { FastifyInstance, FastifyReply } from "fastify";
import { grantCaptchaToken } from "../operations/captcha.ts";
import { readText, requireText } from "../operations/fields.ts";
import type { Fields } from "../operations/fields.ts";
import { requireRedirectUri, withParameters } from "../operations/redirect.ts";
import { parseQuery } from "../server.ts";
import type { Environment } from "../state/environment.ts";
import { html, readForm, sendPage } from "./html.ts";
import { drawText } from "./picture.ts";

const path = "/emulator/captcha";

/** Where POST /auth/v1/captcha/init sends the browser: an image to read, and then back with captcha_token or error. */
export function addCaptchaPage(server: FastifyInstance, environment: Environment): void {
  server.get(path, (request, reply) => {
    const query = parseQuery(request.query);
    requireRedirectUri(requireText(query, "redirect_uri"));
    return showCaptcha(environment, reply, query);
  });
  server.post(path, (request, reply) => {
    const form = readForm(request);
    const redirectUri = requireRedirectUri(requireText(form, "redirect_uri"));
    const state = readText(form, "state");
    const solved = environment.captchas.solve(requireText(form, "token"), readText(form, "key") ?? "");
    if (!solved) return reply.redirect(withParameters(redirectUri, { error: "captcha_invalid", state }), 303);
    const granted = grantCaptchaToken(environment);
    const parameters = { captcha_token: granted.captcha_token, expires_in: String(granted.expires_in), state };
    return reply.redirect(withParameters(redirectUri, parameters), 303);
  });
}

function showCaptcha({ captchas }: Environment, reply: FastifyReply, query: Fields): FastifyReply {
  const token = requireText(query, "token");
  const text = captchas.find(token)?.text ?? "";
  return sendPage(
    reply,
    "Are you a person?",
    html`<form method="post">
      <input type="hidden" name="token" value="${token}" />
      <input type="hidden" name="redirect_uri" value="${requireText(query, "redirect_uri")}" />
      <input type="hidden" name="state" value="${readText(query, "state") ?? ""}" />
      <p><img alt="four characters" src="data:image/gif;base64,${drawText(text).toString("base64")}" /></p>
      <label>What do you read? <input name="key" maxlength="4" autocomplete="off" /></label>
      <button>Continue</button>
    </form>`,
  );
}
