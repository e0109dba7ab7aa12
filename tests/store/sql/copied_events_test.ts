/** Whatever a copy of the events has lost, followers who read it miss nothing but previews. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { GenerationEvent } from "../../../jobs/events.ts";
import { readWithCopy } from "../../../store/sql/copied_events.ts";

function event(sequence: number, preview: boolean): GenerationEvent {
  const common = { sequence, at: sequence, step: 1, steps: 9 };
  return preview
    ? { ...common, type: "PREVIEW", width: 1, height: 1, pixels: new Uint8Array(3) }
    : { ...common, type: "PROGRESS", etaMs: null };
}

/** Reads as stores do. */
function reader(events: readonly GenerationEvent[]) {
  return (after: number, limit = Infinity) =>
    Promise.resolve(events.filter(({ sequence }) => sequence > after).slice(0, limit));
}

Deno.test("following page by page: in order, none twice, none missed that is in the log; all of an unbroken copy", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ preview: fc.boolean(), copied: fc.boolean() }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      async (entries, limit) => {
        const all = entries.map(({ preview }, i) => event(i + 1, preview));
        const copy = all.filter((_, i) => entries[i]?.copied);
        const places = { logged: reader(all.filter(({ type }) => type !== "PREVIEW")), copied: reader(copy) };
        const whole = await readWithCopy(places, 0);
        const seen: number[] = [];
        for (let page = await readWithCopy(places, 0, limit); page.length > 0;) {
          seen.push(...page.map(({ sequence }) => sequence));
          assert.ok(page.length <= limit);
          page = await readWithCopy(places, seen.at(-1) ?? 0, limit);
        }
        assert.deepEqual(seen, whole.map(({ sequence }) => sequence));
        const there = all.filter(({ type }, i) => type !== "PREVIEW" || entries[i]?.copied);
        assert.deepEqual(whole, there);
      },
    ),
  ));

Deno.test("the log is not asked while the copy goes on", async () => {
  const all = [1, 2, 3].map((sequence) => event(sequence, sequence === 2));
  const logged = () => Promise.reject(new Error("asked"));
  assert.deepEqual(await readWithCopy({ logged, copied: reader(all) }, 0, 8), all);
  await assert.rejects(readWithCopy({ logged, copied: reader(all) }, 3, 8), /asked/);
});

Deno.test("a step that is logged between a look at the copy and one at the log does not lose its preview", async () => {
  const all = [1, 2, 3, 4].map((sequence) => event(sequence, sequence % 2 === 0));
  let copy: readonly GenerationEvent[] = [];
  const places = {
    logged: () => {
      copy = all;
      return reader(all.filter(({ type }) => type !== "PREVIEW"))(0, 8);
    },
    copied: (after: number, limit?: number) => reader(copy)(after, limit),
  };
  assert.deepEqual(await readWithCopy(places, 0, 8), all);
});
