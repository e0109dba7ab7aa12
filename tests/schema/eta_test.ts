/** When a waiting picture is expected. */

import assert from "node:assert/strict";
import { Forecast, forecast } from "../../jobs/forecast.ts";
import type { Outlook, Running, Waiting } from "../../jobs/queue.ts";
import type { WorkerReport } from "../../jobs/workers.ts";
import { etaMs } from "../../schema/generation/eta.ts";

const NOW = 1_000_000;

/** A worker that paints with models at so many milliseconds for each million of pixels. */
function worker(speeds: Readonly<Record<string, number | null>>, painting?: string): WorkerReport {
  const models = Object.entries(speeds).map(([name, ms]) => ({ name, loaded: true, predictionMsPerMegapixel: ms }));
  const since = NOW - 2000;
  return {
    models,
    painting: painting === undefined ? null : { generationId: painting, step: 1, since },
  } as unknown as WorkerReport;
}

/** A picture that waits, with so many million pixels to predict. */
function picture(id: string, megapixels: number | null, model = "m"): Waiting {
  return { id, model, work: megapixels === null ? null : 1e6 * megapixels };
}

/** When each is expected, in whole milliseconds. */
function expected(waiting: readonly Waiting[], workers: readonly WorkerReport[], running: readonly Running[] = []) {
  const ends = forecast({ waiting, running }, workers, NOW);
  return Object.fromEntries([...ends].map(([id, ms]) => [id, ms === null ? null : Math.round(ms)]));
}

Deno.test("a picture waits for the sizes of those before it, not for how many they are", () => {
  const [small, large] = [picture("small", 1), picture("large", 40)];
  assert.deepEqual(expected([large, small], [worker({ m: 100 })]), { large: 4000, small: 4100 });
  assert.deepEqual(expected([small, large], [worker({ m: 100 })]), { small: 100, large: 4100 });
});

Deno.test("whichever worker is free first takes the next, each at its own speed", () => {
  const three = [picture("a", 10), picture("b", 10), picture("c", 10)];
  assert.deepEqual(expected(three, [worker({ m: 100 }), worker({ m: 300 })]), { a: 1000, b: 3000, c: 2000 });
  // What a worker has not measured takes as long as with the others.
  assert.deepEqual(expected(three, [worker({ m: 100 }), worker({ m: null })]), { a: 1000, b: 1000, c: 2000 });
});

Deno.test("pictures of another model hold up only where a worker paints both", () => {
  const both = [picture("other", 50, "n"), picture("own", 1)];
  assert.deepEqual(expected(both, [worker({ m: 100 }), worker({ n: 100 })]), { other: 5000, own: 100 });
  assert.deepEqual(expected(both, [worker({ m: 100, n: 100 })]), { other: 5000, own: 5100 });
});

Deno.test("what is being painted comes first, by what its worker says or by all that it takes", () => {
  const running = (etaMs: number | null) => [{ ...picture("now", 50), etaMs }];
  assert.deepEqual(expected([picture("a", 1)], [worker({ m: 100 }, "now")], running(700)), { a: 800 });
  assert.deepEqual(expected([picture("a", 1)], [worker({ m: 100 }, "now")], running(null)), { a: 3100 });
  // It was lost, or has ended meanwhile.
  assert.deepEqual(expected([picture("a", 1)], [worker({ m: 100 }, "gone")], running(700)), { a: 100 });
});

Deno.test("nobody knows without a worker, a measured speed, or the work of what is taken before", () => {
  assert.deepEqual(expected([picture("a", 1)], []), { a: null });
  assert.deepEqual(expected([picture("a", 1)], [worker({ n: 100 })]), { a: null });
  assert.deepEqual(expected([picture("a", 1)], [worker({ m: null })]), { a: null });
  assert.deepEqual(expected([picture("a", null), picture("b", 1)], [worker({ m: 100 })]), { a: null, b: null });
  assert.deepEqual(expected([picture("a", null), picture("b", 1)], [worker({ m: 100 }), worker({ m: 100 })]), {
    a: null,
    b: 100,
  });
});

Deno.test("ten thousand that wait for a thousand workers are forecast in one look, for all who ask", async () => {
  let looks = 0;
  const waiting = Array.from({ length: 10_000 }, (_, i) => picture(`${i}`, 1 + i % 7));
  const outlook = (): Promise<Outlook> => {
    looks++;
    return Promise.resolve({ waiting: [...waiting], running: [] });
  };
  const workers = Array.from({ length: 1000 }, () => worker({ m: 1e6 }));
  const shared = new Forecast({ queue: { outlook }, workers: { list: () => Promise.resolve(workers) } });
  const all = await Promise.all(waiting.map(({ id }) => shared.endMs(id)));
  assert.ok(all.every((ms) => ms !== null && ms > 0));
  assert.equal(looks, 1);
  // One that came since is looked for, and no more than once.
  waiting.push(picture("new", 1));
  assert.notEqual(await shared.endMs("new"), null);
  assert.equal(await shared.endMs("never"), null);
  assert.equal(looks, 3);
});

Deno.test("while it is painted its record tells", async () => {
  const nobody = { endMs: () => Promise.reject(new Error("not asked")) };
  assert.equal(await etaMs({ id: "a", status: "RUNNING", etaMs: 7 }, { forecast: nobody }), 7);
});
