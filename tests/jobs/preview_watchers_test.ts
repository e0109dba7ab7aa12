/** Previews are wanted where somebody reads them, and as long as that is so. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { PreviewWatchers, takesPreview } from "../../jobs/preview_watchers.ts";

const DECODED = { steps: 7, previews: "autoencoder" } as const;
const REQUEST = { id: "g", request: DECODED };

Deno.test("the steps that are wanted are those that some watcher takes", () => {
  const change = fc.record({ every: fc.integer({ min: 1, max: 9 }), leaves: fc.boolean() });
  fc.assert(fc.property(fc.array(change, { maxLength: 12 }), fc.nat(12), (changes, begin) => {
    const watchers = new PreviewWatchers();
    const there: { readonly every: number; readonly stop: () => void }[] = [];
    const apply = ({ every, leaves }: typeof changes[number]) => {
      const leaver = leaves ? there.shift() : undefined;
      leaver?.stop();
      leaver?.stop(); // a second time does nothing
      if (!leaves) there.push({ every, stop: watchers.watch("g", every) });
    };
    changes.slice(0, begin).forEach(apply);
    using elsewhere = watchers.paint("another", DECODED);
    using painted = watchers.paint("g", DECODED);
    changes.slice(begin).forEach(apply);
    for (let step = 1; step <= DECODED.steps; step++) {
      const wanted = there.some(({ every }) => takesPreview(every, step, DECODED.steps));
      assert.equal(painted.wanted[step], wanted ? 1 : 0, `step ${step}`);
    }
    assert.equal(painted.wantedAfter(3), [...painted.wanted.subarray(4)].filter((flag) => flag === 1).length);
    assert.equal(elsewhere.wantedAfter(0), 0);
  }));
});

Deno.test("linear previews are always wanted", () => {
  using painted = new PreviewWatchers().paint("g", { steps: 7, previews: "linear" });
  assert.equal(painted.wantedAfter(0), 7);
});

Deno.test("a reader watches from its first pull until there is no more, it leaves, or reading fails", async () => {
  const watchers = new PreviewWatchers();
  using painted = watchers.paint("g", DECODED);
  const begin = async (events: () => AsyncGenerator<string>, every = 1) => {
    const reader = watchers.whileReading(events(), REQUEST, every);
    assert.equal(painted.wantedAfter(0), 0);
    assert.deepEqual(await reader.next(), { done: false, value: "event" });
    assert.equal(painted.wantedAfter(0), every === 0 ? 0 : 7);
    return reader;
  };
  async function* one() {
    yield await Promise.resolve("event");
  }
  async function* broken() {
    yield* one();
    throw new Error("the log is gone");
  }
  const last = await begin(one);
  assert.deepEqual(await last.next(), { done: true, value: undefined });
  assert.equal(painted.wantedAfter(0), 0);
  await (await begin(one)).return?.();
  assert.equal(painted.wantedAfter(0), 0);
  const failing = await begin(broken);
  await assert.rejects(failing.next(), /gone/);
  assert.equal(painted.wantedAfter(0), 0);
  await (await begin(one, 0)).return?.();
  const never = watchers.whileReading(one(), REQUEST, 1);
  await never.return?.();
  await never.next();
  assert.equal(painted.wantedAfter(0), 0, "who left before the first pull never watches");
});
