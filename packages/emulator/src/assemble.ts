import type { FastifyInstance } from "fastify";
import { createControls } from "./controls/controls.ts";
import type { Controls } from "./controls/controls.ts";
import { createFaults } from "./controls/faults.ts";
import { addControls } from "./controls/http.ts";
import { createRequestLog } from "./controls/request-log.ts";
import type { RequestRecord } from "./controls/request-log.ts";
import { restoreState } from "./controls/stored-state.ts";
import type { CheckedOptions, SeedUser } from "./options.ts";
import { addCaptchaPage } from "./pages/captcha-page.ts";
import { addConsentPage } from "./pages/consent.ts";
import { createServer } from "./server.ts";
import { createEnvironment } from "./state/environment.ts";
import type { Environment } from "./state/environment.ts";
import type { Message } from "./state/inbox.ts";
import { hashPassword } from "./state/passwords.ts";

/** Who else wants to know what happens; the command prints it. */
export interface Observers {
  readonly answered?: (answer: RequestRecord) => void;
  readonly delivered?: (message: Message) => void;
}

/** An emulator that does not listen yet. */
export interface Assembled {
  readonly controls: Controls;
  readonly server: FastifyInstance;
}

/**
 * Puts an emulator together.
 *
 * @param endpoint - the origin, asked for once the first request comes
 */
export async function assembleEmulator(
  { issuer, users, state, strict, allowedOrigins, ...fixed }: Omit<CheckedOptions, "host" | "port">,
  observers: Observers,
  endpoint: () => string,
): Promise<Assembled> {
  const environment = await createEnvironment({
    ...fixed,
    issuer: () => issuer ?? endpoint(),
    endpoint,
    delivered: observers.delivered,
  });
  const addUsers = await prepareUsers(users);
  const begin = async (): Promise<void> => {
    if (state) await restoreState(environment, { ...state, keys: undefined });
    addUsers(environment);
  };
  await begin();
  if (state?.keys) environment.keys.restore(state.keys);

  const log = createRequestLog(() => environment.clock.now(), observers.answered ?? (() => {}));
  const faults = createFaults();
  const { forger, ...controls } = createControls({ environment, log, faults, endpoint, begin });
  const server = createServer(environment, { log, faults, strict, allowedOrigins });
  addControls(server, { forger, ...controls });
  addConsentPage(server, environment);
  addCaptchaPage(server, environment);
  return { controls, server };
}

/** Hashes the passwords once; the answer adds the users to a memory, but for those that an import brought already. */
async function prepareUsers(users: readonly SeedUser[]): Promise<(environment: Environment) => void> {
  const profiles = await Promise.all(
    users.map(async ({ password, ...user }) => ({
      ...user,
      password: password === undefined ? undefined : await hashPassword(password),
    })),
  );
  return (environment) => {
    const imported = new Set(environment.users.all().map(({ sub }) => sub));
    for (const [index, profile] of profiles.entries()) {
      const taken = environment.users.taken(profile);
      if (taken === undefined) environment.users.add(profile);
      else if (!imported.has(environment.users.find(taken)?.sub ?? "")) {
        throw new TypeError(`users[${index}]: "${taken}" is taken by an earlier user.`);
      }
    }
  };
}
