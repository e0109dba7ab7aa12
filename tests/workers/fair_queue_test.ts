/** Turns between callers: who comes next, who is dropped, who is refused. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { BusyError, FairQueue, OWN_TURN } from "../../workers/fair_queue.ts";

const ROOMY = { hands: 1, perLane: 1000, inAll: 1000 };

/** Work that ends when told to, and the order in which work began. */
class Bench {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];

  readonly work = (name: string) => () => {
    this.begun.push(name);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#ends.push(() => resolve(name));
    return promise;
  };

  /** Ends the work that began first, and lets what follows begin. */
  readonly end = async () => {
    this.#ends.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
}

Deno.test("lanes take turns, and each lane's work is done in its order", async () => {
  const queue = new FairQueue(ROOMY);
  const { begun, work, end } = new Bench();
  for (const name of ["a1", "a2", "a3", "b1", "b2", "c1"]) queue.run({ lane: name.charAt(0) }, work(name));
  assert.equal(queue.pending, 6);
  for (let i = 0; i < 6; i++) await end();
  assert.deepEqual(begun, ["a1", "a2", "b1", "c1", "a3", "b2"]);
  assert.equal(queue.pending, 0);
});

Deno.test("a lane that comes late waits for one turn of each lane before it, not for their work", async () => {
  const queue = new FairQueue(ROOMY);
  const { begun, work, end } = new Bench();
  for (let i = 0; i < 48; i++) queue.run({ lane: "a" }, work("a"));
  await end();
  queue.run({ lane: "b" }, work("b"));
  await end();
  await end();
  assert.deepEqual(begun, ["a", "a", "a", "b"]);
});

Deno.test("with several hands as much is under way, and never more", async () => {
  const queue = new FairQueue({ ...ROOMY, hands: 2 });
  const { begun, work, end } = new Bench();
  for (const lane of ["a", "a", "a", "b"]) queue.run({ lane }, work(lane));
  assert.deepEqual(begun, ["a", "a"]);
  await end();
  assert.deepEqual(begun, ["a", "a", "a"]);
  await end();
  assert.deepEqual(begun, ["a", "a", "a", "b"]);
});

Deno.test("a lane has no more hands than it may: others are helped meanwhile", async () => {
  const queue = new FairQueue({ ...ROOMY, hands: 2, handsPerLane: 1 });
  const { begun, work, end } = new Bench();
  for (const name of ["a1", "a2", "a3", "b1", "c1"]) queue.run({ lane: name.charAt(0) }, work(name));
  assert.deepEqual(begun, ["a1", "b1"]);
  await end(); // a1
  assert.deepEqual(begun, ["a1", "b1", "a2"]);
  await end(); // b1
  assert.deepEqual(begun, ["a1", "b1", "a2", "c1"]);
  await end(); // a2
  assert.deepEqual(begun, ["a1", "b1", "a2", "c1", "a3"]);
});

Deno.test("results and errors go to those who asked, also errors before the first await", async () => {
  const queue = new FairQueue(ROOMY);
  const broken = () => {
    throw new RangeError("no");
  };
  const [sum, early, late] = await Promise.allSettled([
    queue.run({ lane: "a" }, () => Promise.resolve(3)),
    queue.run({ lane: "a" }, broken),
    queue.run({ lane: "a" }, () => Promise.reject(new TypeError("no"))),
  ]);
  assert.deepEqual(sum, { status: "fulfilled", value: 3 });
  assert.ok(early.status === "rejected" && early.reason instanceof RangeError);
  assert.ok(late.status === "rejected" && late.reason instanceof TypeError);
});

Deno.test("who leaves is dropped at once where it waits, and makes room", async () => {
  const queue = new FairQueue({ hands: 1, perLane: 1, inAll: 10 });
  const { begun, work, end } = new Bench();
  const left = new AbortController();
  queue.run({ lane: "b" }, work("b1"));
  const waiting = queue.run({ lane: "a", signal: left.signal }, work("a1"));
  await assert.rejects(queue.run({ lane: "a" }, work("a2")), BusyError);
  left.abort("gone");
  await assert.rejects(waiting, (reason) => reason === "gone");
  await assert.rejects(queue.run({ lane: "a", signal: left.signal }, work("a3")), (reason) => reason === "gone");
  queue.run({ lane: "a" }, work("a4"));
  await end();
  assert.deepEqual(begun, ["b1", "a4"]);
});

Deno.test("a full lane is refused and others are not; all lanes full, all are refused but the server itself", async () => {
  const queue = new FairQueue({ hands: 1, perLane: 2, inAll: 3 });
  const { begun, work, end } = new Bench();
  const refused = (whose: string, waiting: number) => (error: unknown) =>
    error instanceof BusyError && error.whose === whose && error.waiting === waiting && error.retryAfterMs > 0;
  for (let i = 0; i < 3; i++) queue.run({ lane: "a" }, work("a"));
  await assert.rejects(queue.run({ lane: "a" }, work("a")), refused("CALLER", 2));
  queue.run({ lane: "b" }, work("b"));
  await assert.rejects(queue.run({ lane: "c" }, work("c")), refused("ALL", 3));
  queue.run(OWN_TURN, work("own"));
  for (let i = 0; i < 5; i++) await end();
  assert.deepEqual(begun, ["a", "a", "b", "own", "a"]);
});

Deno.test("what is dropped fails with the reason, and the queue goes on", async () => {
  const queue = new FairQueue(ROOMY);
  const { begun, work, end } = new Bench();
  queue.run({ lane: "a" }, work("a1"));
  const waiting = [queue.run({ lane: "a" }, work("a2")), queue.run({ lane: "b" }, work("b1"))];
  queue.drop("closed");
  assert.deepEqual(await Promise.allSettled(waiting), [
    { status: "rejected", reason: "closed" },
    { status: "rejected", reason: "closed" },
  ]);
  assert.equal(queue.pending, 1);
  await end();
  await queue.run({ lane: "a" }, () => Promise.resolve());
  assert.deepEqual(begun, ["a1"]);
});

Deno.test("whatever comes in whatever order: all that is not refused or dropped is done, turn by turn", async () => {
  const action = fc.record({ lane: fc.constantFrom("a", "b", "c"), leaves: fc.boolean(), ends: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
      const queue = new FairQueue({ hands: 1, perLane: 3, inAll: 6 });
      const bench = new Bench();
      const outcomes: Promise<string>[] = [];
      const leaving: AbortController[] = [];
      for (const [i, { lane, leaves, ends }] of actions.entries()) {
        const left = new AbortController();
        const done = queue.run({ lane, signal: left.signal }, bench.work(`${lane}${i}`));
        outcomes.push(done.then((name) => `done ${name}`, (error) => error instanceof BusyError ? "busy" : "left"));
        if (leaves) leaving.push(left);
        if (i % 3 === 2) leaving.splice(0).forEach((one) => one.abort());
        for (let end = 0; end < ends; end++) await bench.end();
      }
      while (queue.pending > 0) await bench.end();
      const done = (await Promise.all(outcomes)).filter((outcome) => outcome.startsWith("done"));
      assert.equal(done.length, bench.begun.length);
      for (const lane of ["a", "b", "c"]) {
        const own = bench.begun.filter((name) => name.startsWith(lane)).map((name) => Number(name.slice(1)));
        assert.deepEqual(own, own.toSorted((x, y) => x - y));
      }
    }),
    { numRuns: 50 },
  );
});
