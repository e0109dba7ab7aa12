/** What every backend does with saved layouts: versions, conflicts, deletion, lists, restarts. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../errors.ts";
import { type Layout, PLAIN_LAYOUT } from "../../layout/layout.ts";
import { LayoutDeletedError, type LayoutStore, UnknownLayoutError, VersionConflictError } from "../../store/layouts.ts";
import type { OpenBackend } from "../jobs/backend.ts";
import { randomSpec, resolveOrThrow } from "../layout/random_layout.ts";

function meadow(basePrompt: string): Layout {
  return { ...PLAIN_LAYOUT, basePrompt };
}

/** The names of a list, a page at a time. */
async function names(layouts: LayoutStore, name?: string, first = 100): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await layouts.list({ first, ...(after && { after }), ...(name !== undefined && { name }) });
    found.push(...page.items.map(({ saved }) => saved.name));
    after = page.items.at(-1)?.cursor;
    if (!page.hasNextPage) return found;
  }
}

/** Registers the suite for one backend. */
export function layoutStoreConformance(name: string, open: OpenBackend): void {
  interface OpenLayouts {
    readonly layouts: LayoutStore;
    readonly clock: { now: number };
    reopen(): Promise<LayoutStore>;
  }

  const test = (claim: string, body: (open: OpenLayouts) => Promise<void>) =>
    Deno.test(`${name} layouts: ${claim}`, async () => {
      await using backend = await open({ sync: false });
      await body({
        clock: backend.clock,
        layouts: backend.store.layouts,
        reopen: async () => {
          await backend.reopen();
          return backend.store.layouts;
        },
      });
    });

  test("a saved layout is version 1, and reads back as it was, also after a restart", async ({ layouts, clock, reopen }) => {
    const saved = await layouts.save("meadow", meadow("grass"));
    assert.deepEqual(saved, {
      id: saved.id,
      name: "meadow",
      version: 1,
      createdAt: clock.now,
      updatedAt: clock.now,
      deletedAt: null,
    });
    const again = await reopen();
    assert.deepEqual(await again.get(saved.id), saved);
    assert.deepEqual(await again.version(saved.id), {
      layoutId: saved.id,
      version: 1,
      createdAt: clock.now,
      layout: meadow("grass"),
    });
  });

  test("every layout that resolves is kept exactly", async ({ layouts }) => {
    await fc.assert(
      fc.asyncProperty(randomSpec, async (spec) => {
        const layout = resolveOrThrow(spec);
        const { id } = await layouts.save("random", layout);
        assert.deepEqual((await layouts.version(id))?.layout, layout);
      }),
      { numRuns: 50 },
    );
  });

  test("every change makes the next version, and earlier ones stay as they were", async ({ layouts, clock }) => {
    const { id } = await layouts.save("meadow", meadow("grass 1"));
    for (let version = 2; version <= 5; version++) {
      clock.now += 1000;
      const { saved, versionMade } = await layouts.update(id, { layout: meadow(`grass ${version}`) });
      assert.deepEqual([saved.version, saved.updatedAt, versionMade], [version, clock.now, true]);
    }
    for (let version = 1; version <= 5; version++) {
      const kept = await layouts.version(id, version);
      assert.equal(kept?.layout.basePrompt, `grass ${version}`);
      assert.equal(kept?.createdAt, 1_700_000_000_000 + (version - 1) * 1000);
    }
    assert.equal((await layouts.version(id))?.version, 5);
    assert.equal(await layouts.version(id, 6), null);
    assert.equal(await layouts.version(id, 0), null);

    const page = await layouts.versions(id, { first: 3 });
    assert.deepEqual([page.items.map((v) => v.version), page.hasNextPage], [[5, 4, 3], true]);
    const rest = await layouts.versions(id, { first: 3, before: 3 });
    assert.deepEqual([rest.items.map((v) => v.version), rest.hasNextPage], [[2, 1], false]);
  });

  test("an equal layout makes no version and leaves the time of the last change", async ({ layouts, clock }) => {
    const before = await layouts.save("meadow", meadow("grass"));
    clock.now += 1000;
    const reordered = Object.fromEntries(Object.entries(meadow("grass")).reverse()) as unknown as Layout;
    assert.deepEqual(await layouts.update(before.id, { layout: reordered }), { saved: before, versionMade: false });
    assert.deepEqual(await layouts.update(before.id, { name: "meadow" }), { saved: before, versionMade: false });
  });

  test("going back to what an earlier version said makes a version: history is a line", async ({ layouts }) => {
    const { id } = await layouts.save("meadow", meadow("grass"));
    await layouts.update(id, { layout: meadow("sand") });
    assert.equal((await layouts.update(id, { layout: meadow("grass") })).saved.version, 3);
  });

  test("another name makes no version", async ({ layouts, clock }) => {
    const { id } = await layouts.save("meadow", meadow("grass"));
    clock.now += 5;
    const { saved, versionMade } = await layouts.update(id, { name: "field" });
    assert.deepEqual([saved.name, saved.version, saved.updatedAt, versionMade], ["field", 1, clock.now, false]);
    const both = await layouts.update(id, { name: "beach", layout: meadow("sand") });
    assert.deepEqual([both.saved.name, both.saved.version, both.versionMade], ["beach", 2, true]);
    assert.deepEqual(await names(layouts, "meadow"), []);
    assert.deepEqual(await names(layouts, "beach"), ["beach"]);
  });

  test("of changes made to the same version at once, one is taken and the others are told", async ({ layouts }) => {
    const { id } = await layouts.save("meadow", meadow("grass"));
    const changes = Array.from(
      { length: 8 },
      (_, i) => layouts.update(id, { layout: meadow(`${i}`), expectedVersion: 1 }),
    );
    const outcomes = await Promise.allSettled(changes);
    const taken = outcomes.flatMap((outcome, i) => outcome.status === "fulfilled" ? [`${i}`] : []);
    const refused = outcomes.flatMap((outcome) => outcome.status === "rejected" ? [outcome.reason] : []);
    assert.equal(taken.length, 1);
    for (const error of refused) {
      assert.ok(error instanceof VersionConflictError);
      assert.deepEqual([error.layoutId, error.expectedVersion, error.currentVersion], [id, 1, 2]);
    }
    const latest = await layouts.version(id);
    assert.deepEqual([latest?.version, latest?.layout.basePrompt], [2, taken[0]]);
    await assert.rejects(layouts.update(id, { name: "late", expectedVersion: 1 }), VersionConflictError);
    assert.equal((await layouts.get(id))?.name, "meadow");
  });

  test("changes without an expected version at once all become versions, in some order", async ({ layouts }) => {
    const { id } = await layouts.save("meadow", meadow("grass"));
    await Promise.all(Array.from({ length: 10 }, (_, i) => layouts.update(id, { layout: meadow(`${i}`) })));
    const { items } = await layouts.versions(id, { first: 20 });
    assert.deepEqual(items.map((v) => v.version), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const prompts = items.map((v) => v.layout.basePrompt).sort();
    assert.deepEqual(prompts, [..."0123456789", "grass"]);
  });

  test("a deleted layout is off the list and closed, but its versions can be read", async ({ layouts, clock, reopen }) => {
    const { id } = await layouts.save("meadow", meadow("grass"));
    await layouts.update(id, { layout: meadow("sand") });
    clock.now += 7;
    const deleted = await layouts.delete(id);
    assert.equal(deleted.deletedAt, clock.now);
    clock.now += 7;
    assert.deepEqual(await layouts.delete(id), deleted);
    assert.deepEqual(await names(layouts), []);
    await assert.rejects(layouts.update(id, { name: "field" }), LayoutDeletedError);
    const again = await reopen();
    assert.deepEqual(await again.get(id), deleted);
    assert.equal((await again.version(id, 1))?.layout.basePrompt, "grass");
    assert.equal((await again.version(id))?.layout.basePrompt, "sand");
  });

  test("what is not there is null, and cannot be changed or deleted", async ({ layouts }) => {
    assert.equal(await layouts.get("no"), null);
    assert.equal(await layouts.get("\0"), null);
    assert.deepEqual(await names(layouts, "\0"), []);
    assert.equal(await layouts.version("no"), null);
    assert.deepEqual((await layouts.versions("no", { first: 5 })).items, []);
    await assert.rejects(layouts.update("no", { name: "x" }), UnknownLayoutError);
    await assert.rejects(layouts.delete("no"), UnknownLayoutError);
  });

  test("the list begins with the latest change, in pages of any size", async ({ layouts, clock }) => {
    const ids: string[] = [];
    // Three at each time: the order of equal times must be a total one too.
    for (let i = 0; i < 9; i++) {
      clock.now += i % 3 === 0 ? 1 : 0;
      ids.push((await layouts.save(`${i}`, meadow("grass"))).id);
    }
    clock.now += 1;
    await layouts.update(ids[2] ?? "", { name: "2, changed" });
    const expected = ["2, changed", "8", "7", "6", "5", "4", "3", "1", "0"];
    for (const first of [1, 2, 4, 100]) assert.deepEqual(await names(layouts, undefined, first), expected, `${first}`);
  });

  test("a change between two pages neither repeats nor hides another layout", async ({ layouts, clock }) => {
    const ids: string[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      clock.now += 1;
      ids.push((await layouts.save(name, meadow("grass"))).id);
    }
    const page = await layouts.list({ first: 2 });
    assert.deepEqual(page.items.map(({ saved }) => saved.name), ["d", "c"]);
    clock.now += 1;
    await layouts.delete(ids[2] ?? "");
    await layouts.update(ids[3] ?? "", { name: "d2" });
    const rest = await layouts.list({ first: 5, after: page.items.at(-1)?.cursor ?? "" });
    assert.deepEqual(rest.items.map(({ saved }) => saved.name), ["b", "a"]);
  });

  test("names are searched as they stand, whatever the case", async ({ layouts, clock }) => {
    for (const name of ["Éte in the garden", "100% grass", "100 grass", "a_b", "aXb", "back\\slash", "ÜBER"]) {
      clock.now += 1;
      await layouts.save(name, meadow("grass"));
    }
    assert.deepEqual(await names(layouts, "GARDEN"), ["Éte in the garden"]);
    assert.deepEqual(await names(layouts, "éTE"), ["Éte in the garden"]);
    assert.deepEqual(await names(layouts, "E\u0301te"), ["Éte in the garden"]);
    assert.deepEqual(await names(layouts, "über"), ["ÜBER"]);
    assert.deepEqual(await names(layouts, "100%"), ["100% grass"]);
    assert.deepEqual(await names(layouts, "a_b"), ["a_b"]);
    assert.deepEqual(await names(layouts, "\\"), ["back\\slash"]);
    assert.equal((await names(layouts, "")).length, 7);
  });

  test("pages of impossible sizes and places are refused", async ({ layouts }) => {
    const { id } = await layouts.save("meadow", meadow("grass"));
    for (const first of [0, -1, 1.5, NaN]) {
      await assert.rejects(layouts.list({ first }), InvalidInputError);
      await assert.rejects(layouts.versions(id, { first }), InvalidInputError);
    }
    for (const after of ["", "x", id, `1:${id} `]) {
      await assert.rejects(layouts.list({ first: 1, after }), InvalidInputError);
    }
  });
}
