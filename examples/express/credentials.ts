import express from "express";
import { cloudbaseAuth, fromCookie, fromForm, fromHeader, fromQuery } from "@cloudbase-auth/express";
import { getUser, problemDetails, requireUser } from "@cloudbase-auth/express";

const app = express();
app.use(express.urlencoded()); // in front, for fromForm()
app.use(
  cloudbaseAuth({
    // One way in each request; two are 400. Only the header is read where this option is left out.
    credentials: [
      fromHeader(),
      fromCookie("access_token", { origins: ["https://app.example"] }), // other sites' requests that change something: 403
      fromQuery(), // ?access_token=… for EventSource; the answers are no-store
      fromForm(),
    ],
    locale: "auto", // English or Chinese, as Accept-Language prefers
    docsBaseUrl: "https://docs.example/errors", // where `type` of a problem points to
  }),
);

app.all("/me", requireUser(), (req, res) => void res.json({ id: getUser(req).id }));

app.use(problemDetails());
app.listen(Number(process.env.PORT ?? 3000));
