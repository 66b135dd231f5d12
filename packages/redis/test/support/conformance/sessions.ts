import { randomUUID } from "node:crypto";
import type { SessionStore } from "@cloudbase-auth/core";
import { describe, expect, it, vi } from "vitest";

const ttlMs = 60_000;
const session = (owner: string, changes: object = {}) => ({
  id: randomUUID(),
  owner,
  value: "sealed",
  ttlMs,
  ...changes,
});
const ids = async (store: SessionStore, owner: string): Promise<readonly string[]> =>
  (await store.list(owner)).map(({ id }) => id).sort();

/** What every `SessionStore` does, whatever it keeps the sessions in. */
export function describeSessionStore(store: () => SessionStore): void {
  describe.concurrent("SessionStore", () => {
    it("keeps what was created, and knows nothing of what was not", async () => {
      const created = session("owner-1", { value: 'a "sealed" value, with ünïcode\n and braces {}' });
      await store().create(created);
      const loaded = await store().load(created.id);
      expect(loaded).toEqual({ value: created.value, version: loaded?.version });
      expect(loaded?.version).toMatch(/./);
      expect(await store().load(randomUUID())).toBeUndefined();
    });

    it("BF-18: lets go of a session that was not changed for its time, in the list too", async () => {
      const [short, long] = [session("owner-2", { ttlMs: 60 }), session("owner-2")];
      await store().create(short);
      await store().create(long);
      await vi.waitFor(async () => expect(await store().load(short.id)).toBeUndefined(), { interval: 10 });
      expect(await ids(store(), "owner-2")).toEqual([long.id]);
      expect(await store().replace({ id: short.id, version: "any", value: "x", ttlMs })).toBe("gone");
    });

    it("a change prolongs it, in the list too, and gives it another version", async () => {
      const changed = session("owner-3", { ttlMs: 1_200 });
      await store().create(changed);
      const before = await store().load(changed.id);
      const version = before?.version ?? "";
      expect(await store().replace({ id: changed.id, version, value: "next", ttlMs })).toBe("replaced");
      const other = session("owner-3", { ttlMs: 1_250 });
      await store().create(other);
      await vi.waitFor(async () => expect(await store().load(other.id)).toBeUndefined(), {
        timeout: 4_000,
        interval: 20,
      });
      const after = await store().load(changed.id);
      expect(after?.value).toBe("next");
      expect(after?.version).not.toBe(version);
      expect(await ids(store(), "owner-3")).toEqual([changed.id]);
    });

    it("of two that change the same version at once, one does", async () => {
      const contested = session("owner-4");
      await store().create(contested);
      const version = (await store().load(contested.id))?.version ?? "";
      const change = { id: contested.id, version, ttlMs };
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store().replace({ ...change, value: String(n) })),
      );
      expect(outcomes.filter((outcome) => outcome === "replaced")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "changed")).toHaveLength(19);
      const winner = String(outcomes.indexOf("replaced"));
      expect((await store().load(contested.id))?.value).toBe(winner);
      expect(await store().replace({ ...change, value: "late" })).toBe("changed");
      expect((await store().load(contested.id))?.value).toBe(winner);
    });

    it("what has ended stays so: a change that comes late does not bring it back", async () => {
      const ended = session("owner-5");
      await store().create(ended);
      const version = (await store().load(ended.id))?.version ?? "";
      await store().delete(ended.id);
      expect(await store().replace({ id: ended.id, version, value: "again", ttlMs })).toBe("gone");
      expect(await store().load(ended.id)).toBeUndefined();
      expect(await store().list("owner-5")).toEqual([]);
      await store().delete(ended.id);
    });

    it("lists the sessions of an owner, and of nobody else", async () => {
      const mine = [session("owner-6"), session("owner-6", { value: "other" })];
      await Promise.all([...mine, session("owner-7")].map((each) => store().create(each)));
      const listed = await store().list("owner-6");
      expect(listed.map(({ id, value }) => `${id} ${value}`).sort()).toEqual(
        mine.map(({ id, value }) => `${id} ${value}`).sort(),
      );
      for (const { id, value, version } of listed) expect(await store().load(id)).toEqual({ value, version });
      expect(await store().list("nobody")).toEqual([]);
    });

    it("BF-20: ends all sessions of an owner, or all but one, and of nobody else", async () => {
      const mine = Array.from({ length: 20 }, () => session("owner-8"));
      const [kept] = mine;
      const others = session("owner-9");
      await Promise.all([...mine, others].map((each) => store().create(each)));
      await store().deleteAll("owner-8", kept?.id);
      expect(await ids(store(), "owner-8")).toEqual([kept?.id]);
      await store().deleteAll("owner-8");
      expect(await ids(store(), "owner-8")).toEqual([]);
      for (const { id } of mine) expect(await store().load(id)).toBeUndefined();
      expect(await store().load(others.id)).toBeDefined();
      await store().deleteAll("nobody");
    });

    it("BF-20: while all are ended, none that was there before outlives it, and who signs in after it stays", async () => {
      const before = Array.from({ length: 30 }, () => session("owner-10"));
      await Promise.all(before.map((each) => store().create(each)));
      const versions = await Promise.all(before.map(({ id }) => store().load(id)));
      const during = Array.from({ length: 30 }, () => session("owner-10"));
      await Promise.all([
        store().deleteAll("owner-10"),
        ...before.map(({ id }, n) => store().replace({ id, version: versions[n]?.version ?? "", value: "x", ttlMs })),
        ...during.map((each) => store().create(each)),
      ]);
      for (const { id } of before) expect(await store().load(id)).toBeUndefined();
      // Each that began meanwhile is either there and in the list, or neither: nobody has a session that cannot be ended.
      const alive = (await Promise.all(during.map(async ({ id }) => ((await store().load(id)) ? [id] : [])))).flat();
      expect(await ids(store(), "owner-10")).toEqual(alive.sort());
      const after = session("owner-10");
      await store().create(after);
      expect(await store().load(after.id)).toBeDefined();
      await store().deleteAll("owner-10");
      for (const id of [...alive, after.id]) expect(await store().load(id)).toBeUndefined();
    });
  });
}
