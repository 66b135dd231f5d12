import express from "express";
import type { Request } from "express";
import { all, any, cloudbaseAuth, explain, not, problemDetails, requireUser } from "@cloudbase-auth/express";
import type { Check } from "@cloudbase-auth/express";

const authors = new Map([["7", "1001"]]); // of posts; a table of your own

// A question of your own, answered at once or later; `false` is 403, what it throws is 500.
const isAuthor: Check<Request> = async (user, _auth, req) => authors.get(String(req.params["id"])) === user.id;

const mayEdit = all(
  { scopes: ["posts"] },
  any({ groups: ["editors"] }, { check: isAuthor }),
  not({ groups: ["suspended"] }),
);

const app = express();
app.use(cloudbaseAuth()); // whose users: CLOUDBASE_ENV_ID

app.put("/posts/:id", requireUser(mayEdit), (req, res) => void res.json({ saved: req.params.id }));

// The same decision as data, for a button. It has each condition too: for your log and not for the client.
app.get("/posts/:id/may-edit", requireUser(), async (req, res) => {
  const { held, requirement } = await explain(req, mayEdit, req);
  if (held !== true) console.log(JSON.stringify(requirement));
  res.json({ mayEdit: held === true });
});

// Asks the server too, unless it said so within a minute: a token that was revoked there is refused.
app.delete("/account", requireUser({ freshSeconds: 60 }), (_req, res) => void res.sendStatus(204));

app.use(problemDetails());
app.listen(Number(process.env.PORT ?? 3000));
