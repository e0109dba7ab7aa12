/** How often the log is read for followers who come back far behind, all at once. */

import assert from "node:assert/strict";
import type { LiveEvents } from "../../../jobs/live_events.ts";
import { openStore } from "../../../store/open.ts";
import { requestFor } from "../../jobs/requests.ts";

/** Keeps no copy of events, and counts how often it is asked for some: once or twice for each read of the log. */
class CountedReads implements LiveEvents {
  reads = 0;

  add(): void {}

  read(): Promise<readonly never[]> {
    this.reads++;
    return Promise.resolve([]);
  }

  forget(): void {}
}

Deno.test("three hundred who come back to what was long ago read each event once, together", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-reads-" });
  const live = new CountedReads();
  const { queue, work, events, close } = await openStore(folder, { sync: false, live });
  const { generation: { id } } = await queue.enqueue({ ...requestFor("a"), steps: 90 });
  const { token = 0 } = await work.claim("w", 60_000) ?? {};
  for (let step = 1; step <= 90; step++) await work.progress(id, token, { step, etaMs: null, preview: null });
  await work.fail(id, token, { code: "X", message: "it is over" });
  const { signal } = new AbortController();
  const all = async () => {
    const seen: number[] = [];
    for await (const { sequence } of events.follow(id, 0, signal)) seen.push(sequence);
    return seen;
  };
  const expected = Array.from({ length: 94 }, (_, i) => i + 1);
  // The first is near the end, and with it what is at hand.
  const ahead = events.follow(id, 90, signal)[Symbol.asyncIterator]();
  await ahead.next();
  live.reads = 0;
  for (const seen of await Promise.all(Array.from({ length: 300 }, all))) assert.deepEqual(seen, expected);
  assert.ok(live.reads < 3 * 94, `${live.reads} reads`);
  await ahead.return?.();
  await close();
  Deno.removeSync(folder, { recursive: true });
});
