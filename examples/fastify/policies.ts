import Fastify from "fastify";
import type { FastifyRequest } from "fastify";
import { all, any, cloudbaseAuth, explain, not, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import type { Check } from "@cloudbase-auth/fastify";

type Post = { Params: { id: string } };
const authors = new Map([["7", "1001"]]); // of posts; a table of your own

// A question of your own, answered at once or later; `false` is 403, what it throws is 500.
const isAuthor: Check<FastifyRequest> = async (user, _auth, request) =>
  authors.get((request.params as Post["Params"]).id) === user.id;

const mayEdit = all(
  { scopes: ["posts"] },
  any({ groups: ["editors"] }, { check: isAuthor }),
  not({ groups: ["suspended"] }),
);

const app = Fastify();
app.setErrorHandler(problemDetails());
await app.register(cloudbaseAuth); // whose users: CLOUDBASE_ENV_ID

app.put<Post>("/posts/:id", { config: { auth: mayEdit } }, ({ params }) => ({ saved: params.id }));

// The same decision as data, for a button. It has each condition too: for your log and not for the client.
app.get("/posts/:id/may-edit", { onRequest: requireUser() }, async (request) => {
  const { held, requirement } = await explain(request, mayEdit, request);
  if (held !== true) console.log(JSON.stringify(requirement));
  return { mayEdit: held === true };
});

// Asks the server too, unless it said so within a minute: a token that was revoked there is refused.
app.delete("/account", { config: { auth: { freshSeconds: 60 } } }, (_request, reply) => reply.code(204).send());

await app.listen({ port: Number(process.env.PORT ?? 3000) });
