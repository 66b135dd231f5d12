/** `undefined` for whoever is signed in now, or the sentence to show. */
export async function signIn(username: string, password: string): Promise<string | undefined> {
  const answer = await fetch("/auth/signin", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  if (answer.ok) return undefined; // the cookie is set; the body has `user`
  const { detail } = (await answer.json()) as { detail: string };
  return detail;
}
