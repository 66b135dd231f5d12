import { expect } from "vitest";
import { personsTokens } from "../support/matchers.ts";
import type { Successes } from "../support/success.ts";

export const ticketSuccesses: Successes<"createTicket" | "signInWithTicket"> = {
  createTicket: {
    async "the server takes it, with every member that can be given"({ client, emulator }) {
      const key = await emulator.customLoginKey();
      const ticket = client.createTicket({ key, uid: "own-id-1", refreshMs: 60_000, expireAt: Date.now() + 60_000 });
      expect(await client.signInWithTicket({ ticket, providerId: "custom" })).toEqual(personsTokens);
    },
  },
  signInWithTicket: {
    async "the same id is the same user, under the id of the backend"({ client, emulator }) {
      const key = await emulator.customLoginKey();
      const enter = (uid: string) => client.signInWithTicket({ ticket: client.createTicket({ key, uid }) });
      const set = await enter("own-id-1");
      expect(set).toEqual(personsTokens);
      expect(await enter("own-id-1")).toMatchObject({ sub: set.sub });
      expect((await enter("own-id-2")).sub).not.toBe(set.sub);
      expect(await client.user.me(set)).toMatchObject({
        ...{ sub: set.sub, providers: [{ id: "custom", providerUserId: "own-id-1" }] },
      });
    },
  },
};
