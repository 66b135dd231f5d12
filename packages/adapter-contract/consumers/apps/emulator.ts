import { createEmulator } from "@cloudbase-auth/emulator";

async function main(): Promise<void> {
  const emulator = await createEmulator({ envId: "demo", users: [{ username: "lihua", password: "secret-1" }] });
  const token: string = await emulator.issueToken();
  console.log(JSON.stringify({ port: Number(new URL(emulator.endpoint).port), path: "/auth/v1/user/me", token }));
}
void main();
