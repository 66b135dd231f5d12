import { readFileSync, writeFileSync } from "node:fs";
import { createCloudbaseAuth } from "@cloudbase-auth/core";

/** While deploying: the keys, beside the code. They are public, and so is the file. */
export async function saveKeys(file: string): Promise<void> {
  const auth = createCloudbaseAuth();
  await auth.ready();
  writeFileSync(file, auth.exportKeySets());
  await auth.close();
}

/** At a cold start: the first token is verified without a fetch, as long as the keys are not too old. */
export async function openAuth(file: string) {
  const auth = createCloudbaseAuth();
  await auth.importKeySets(readFileSync(file, "utf8"));
  return auth;
}
