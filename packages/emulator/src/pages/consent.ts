import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";
import { readText, requireText } from "../operations/fields.ts";
import type { Fields } from "../operations/fields.ts";
import { findProvider } from "../operations/provider.ts";
import { requireRedirectUri, withParameters } from "../operations/redirect.ts";
import type { ProviderAccount, ThirdParty } from "../provider-settings.ts";
import { parseQuery } from "../server.ts";
import { isEmail } from "../state/address.ts";
import type { Environment } from "../state/environment.ts";
import { html, readForm, sendPage } from "./html.ts";

const path = "/emulator/providers/:provider_id/authorize";

/**
 * The third party's consent page: whoever approves goes back to `redirect_uri` with `code` and `state`, whoever denies
 * with `error=access_denied` (RFC 6749 §4.1.2). It works without JavaScript.
 */
export function addConsentPage(server: FastifyInstance, environment: Environment): void {
  server.get(path, (request, reply) => {
    const provider = providerOf(environment, request);
    const query = parseQuery(request.query);
    requireRedirectUri(requireText(query, "redirect_uri"));
    return showConsent(reply, provider, query);
  });
  server.post(path, (request, reply) => {
    const provider = providerOf(environment, request);
    const form = readForm(request);
    const redirectUri = requireRedirectUri(requireText(form, "redirect_uri"));
    const state = readText(form, "state");
    if (readText(form, "decision") !== "approve") {
      const denied = { error: "access_denied", error_description: "the user denied the request", state };
      return reply.redirect(withParameters(redirectUri, denied), 303);
    }
    const account = chosenAccount(provider, form);
    const code = environment.providerCodes.issue({ providerId: provider.id, account, redirectUri });
    return reply.redirect(withParameters(redirectUri, { code, state }), 303);
  });
}

function providerOf(environment: Environment, { params }: FastifyRequest): ThirdParty {
  return findProvider(environment, requireText(parseQuery(params), "provider_id"));
}

function showConsent(reply: FastifyReply, { name, accounts }: ThirdParty, query: Fields): FastifyReply {
  const choices = accounts.map(
    (account, index) =>
      html`<label
        ><input type="radio" name="account" value="${account.sub}" ${index === 0 ? { markup: "checked" } : ""} />
        ${account.name} <small>${account.email ?? account.sub}</small></label
      >`,
  );
  return sendPage(
    reply,
    `Sign in with ${name}`,
    html`<form method="post">
      <input type="hidden" name="redirect_uri" value="${requireText(query, "redirect_uri")}" />
      <input type="hidden" name="state" value="${readText(query, "state") ?? ""}" />
      ${choices}
      <p>Or somebody else:</p>
      <label>Id at ${name} <input name="sub" maxlength="64" autocomplete="off" /></label>
      <label>Name <input name="name" maxlength="64" autocomplete="off" /></label>
      <label>E-mail address <input name="email" maxlength="200" autocomplete="off" /></label>
      <p>An app wants to know who you are.</p>
      <button name="decision" value="approve">Approve</button>
      <button name="decision" value="deny">Deny</button>
    </form>`,
  );
}

/** Somebody typed in goes before the choice. */
function chosenAccount({ accounts }: ThirdParty, form: Fields): ProviderAccount {
  const sub = readText(form, "sub");
  if (sub !== undefined) {
    const email = readText(form, "email");
    if (email !== undefined && !isEmail(email))
      throw new ApiError("invalid_argument", "email is not an e-mail address");
    return { sub: sub.slice(0, 64), name: (readText(form, "name") ?? sub).slice(0, 64), ...(email && { email }) };
  }
  const chosen = accounts.find((account) => account.sub === readText(form, "account"));
  if (!chosen) throw new ApiError("invalid_argument", "choose an account, or type one in");
  return chosen;
}
