import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";
import type { Fields } from "../operations/fields.ts";

const style = `body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:3rem auto;padding:0 1rem}
label{display:block;margin:.5rem 0}button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}
input:not([type=radio]){font:inherit;width:100%;box-sizing:border-box}small{color:#555}`;

/** No script, nothing from elsewhere. There is no form-action: browsers hold it against the redirect after a form. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A piece of HTML; everything that is put into one with `html` is escaped, unless it is one itself. */
export interface Html {
  readonly markup: string;
}

export function html(parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return { markup: String.raw({ raw: parts }, ...values.map((value) => markupOf(value))) };
}

export function sendPage(reply: FastifyReply, title: string, content: Html): FastifyReply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${{ markup: `<style>${style}</style>` }}
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
        <p><small>A page of the CloudBase Auth emulator. No real account is behind it.</small></p>
      </body>
    </html>`;
  return reply
    .header("content-security-policy", policy)
    .header("x-content-type-options", "nosniff")
    .header("referrer-policy", "same-origin")
    .type("text/html; charset=utf-8")
    .send(page.markup);
}

/**
 * The fields of a form that one of these pages sent.
 *
 * @throws ApiError permission_denied when another site's page sent it
 */
export function readForm(request: FastifyRequest): Fields {
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.host}`) {
    throw new ApiError("permission_denied", "this form is not open to other sites' pages");
  }
  const { body } = request;
  return Object.fromEntries(new URLSearchParams(Buffer.isBuffer(body) ? body.toString("utf8") : ""));
}

function markupOf(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return escape(value);
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`);
}
