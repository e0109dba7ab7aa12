/** Events that many followers share: what is read of the log, and that nobody misses any. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { GenerationEvent } from "../../../jobs/events.ts";
import { type EventSource, EventWindow } from "../../../store/sql/event_window.ts";
import { openSqlite } from "../sqlite/sqlite_backend.ts";
import { requestFor } from "../../jobs/requests.ts";

const progress = (sequence: number): GenerationEvent => ({
  type: "PROGRESS",
  sequence,
  at: 0,
  step: sequence,
  steps: 100,
  etaMs: null,
});
const COMPLETED = { type: "COMPLETED", at: 0, status: "SUCCEEDED", error: null } as const;

/** A log in memory that counts how often it is looked at. */
class Log implements EventSource {
  readonly events: GenerationEvent[] = [];
  reads = 0;

  read(after: number, limit: number): Promise<GenerationEvent[]> {
    this.reads++;
    return Promise.resolve(this.events.filter(({ sequence }) => sequence > after).slice(0, limit));
  }

  completedAt(): Promise<number | null> {
    return Promise.resolve(this.events.find(({ type }) => type === "COMPLETED")?.sequence ?? null);
  }
}

/** Follows a window as the event log does. */
async function follow(window: EventWindow, log: Log, after: number, each: () => unknown = () => {}): Promise<number[]> {
  const seen: number[] = [];
  let cursor = after;
  while (true) {
    const event = window.look(cursor);
    if (event === "END") return seen;
    if (event === "UNREAD") await window.refresh(cursor);
    else if (event === "NOTHING_YET") await window.wait({ wake: () => {} });
    else {
      const next = event === "EARLIER" ? (await log.read(cursor, 1))[0] : event;
      if (next === undefined) throw new Error("an event is missing");
      seen.push(next.sequence);
      cursor = next.sequence;
      await each();
    }
  }
}

Deno.test("three hundred followers cost as many reads as one", async () => {
  const log = new Log(), window = new EventWindow(log);
  const followers = Array.from({ length: 300 }, () => follow(window, log, 0));
  for (let sequence = 1; sequence <= 40; sequence++) {
    log.events.push(sequence < 40 ? progress(sequence) : { ...COMPLETED, sequence });
    await window.changed();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (const seen of await Promise.all(followers)) assert.deepEqual(seen, Array.from({ length: 40 }, (_, i) => i + 1));
  assert.ok(log.reads <= 3 * 40, `${log.reads} reads`);
});

Deno.test("whoever is slow or late sees every event once and in order", async () => {
  const follower = fc.record({ begins: fc.nat(90), after: fc.nat(95), slowness: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(follower, { minLength: 1, maxLength: 6 }), async (followers) => {
      const log = new Log(), window = new EventWindow(log);
      const wait = (slowness: number) => new Promise<void>((resolve) => setTimeout(resolve, slowness));
      const seen: Promise<number[]>[] = [];
      for (let sequence = 1; sequence <= 90; sequence++) {
        for (const { begins, after, slowness } of followers) {
          if (begins + 1 === sequence) {
            seen.push(follow(window, log, after, slowness === 0 ? undefined : () => wait(slowness)));
          }
        }
        log.events.push(sequence < 90 ? progress(sequence) : { ...COMPLETED, sequence });
        window.changed();
        if (sequence % 7 === 0) await wait(0);
      }
      const all = log.events.map(({ sequence }) => sequence);
      for (const [i, one] of (await Promise.all(seen)).entries()) {
        const begun = followers.filter(({ begins }) => begins < 90).toSorted((a, b) => a.begins - b.begins)[i];
        assert.deepEqual(one, all.filter((sequence) => sequence > (begun?.after ?? 0)));
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("a fault of the log reaches those who wait, and is over when it is over", async () => {
  const log = new Log(), window = new EventWindow(log);
  const { read } = log;
  const waiting = follow(window, log, 0);
  await new Promise((resolve) => setTimeout(resolve, 1));
  log.read = () => Promise.reject(new Error("disk"));
  await window.changed();
  await assert.rejects(waiting, /disk/);
  log.read = read;
  log.events.push({ ...COMPLETED, sequence: 1 });
  assert.deepEqual(await follow(window, log, 0), [1]);
});

Deno.test("followers of one generation get the same event, not copies of it", async () => {
  await using backend = await openSqlite();
  const { generation: { id } } = await backend.queue.enqueue(requestFor("a garden"));
  const next = () => backend.events.follow(id, 0, new AbortController().signal)[Symbol.asyncIterator]().next();
  const [one, other] = await Promise.all([next(), next()]);
  assert.ok(one.value !== undefined && one.value === other.value);
});
