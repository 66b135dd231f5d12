import express from "express";
import { cloudbaseAuth, createCloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";

const auth = createCloudbaseAuth();
const app = express();
app.use(cloudbaseAuth(auth)); // instead of a fetch of /auth/v1/user/me for each request

// Who it is: from the token, verified here. Nobody is asked.
app.get("/orders", requireUser(), (req, res) => void res.json({ ordersOf: req.user?.id }));

// Where it matters that the token was not revoked at CloudBase: asked, unless the answer is at most a minute old.
app.post("/payments", requireUser({ freshSeconds: 60 }), (_req, res) => void res.status(201).end());

// Where the profile itself is wanted: this one call, on this one route.
app.get(
  "/profile",
  requireUser().handler(async (req, res) => {
    const profile = await auth.client.user.me({ accessToken: req.auth.token }).catch((error: unknown) => {
      throw auth.refusalOf(error, req) ?? error;
    });
    res.json({ id: profile.sub, email: profile.email });
  }),
);

app.use(problemDetails());
app.listen(Number(process.env.PORT ?? 3000));
