/** Very many subscribers who come back to one server at the same moment, as after another one went. */

import assert from "node:assert/strict";
import { globalId } from "../../schema/builder.ts";
import { openStore } from "../../store/open.ts";
import { requestFor } from "../jobs/requests.ts";
import { type Member, startEngines } from "./cluster.ts";

const startCluster = await startEngines();

const SUBSCRIBERS = 500;

const WATCH = `subscription ($id: ID!, $after: Int) {
  generationEvents(id: $id, after: $after) { __typename sequence }
}`;

/** The sequences that one subscriber sees after the snapshot, up to one. @throws whatever it is told of. */
async function see({ client }: Member, id: string, after: number, until: number): Promise<readonly number[]> {
  const seen: number[] = [];
  const events = client.subscribe<{ generationEvents: { readonly __typename: string; readonly sequence: number } }>(
    WATCH,
    { id, after },
  );
  for await (const { generationEvents: { __typename, sequence } } of events) {
    if (__typename !== "GenerationSnapshotEvent") seen.push(sequence);
    if (sequence === until) break;
  }
  return seen;
}

Deno.test("five hundred subscribers come back to one server at once: none is refused, and none misses an event", async () => {
  await using cluster = await startCluster();
  const server = await cluster.start("server", { PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER: "1000" });
  const folder = Deno.makeTempDirSync({ prefix: "parterre-reconnect-" });
  const { PARTERRE_DATABASE: database } = cluster.environment;
  const store = await openStore(folder, { database });
  const { generation } = await store.queue.enqueue(requestFor("a"));
  const { token = 0 } = await store.work.claim("worker", 60_000) ?? {};
  for (let step = 1; step <= 8; step++) {
    await store.work.progress(generation.id, token, { step, etaMs: 1, preview: null });
  }
  const id = globalId("Generation", generation.id);
  const all = (after: number, until: number) =>
    Promise.allSettled(Array.from({ length: SUBSCRIBERS }, () => see(server, id, after, until)));

  const first = await all(0, 10);
  const back = all(6, 12);
  await store.work.fail(generation.id, token, { code: "X", message: "it is over" });
  const sequences = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  for (const one of first) assert.deepEqual(one, { status: "fulfilled", value: sequences(1, 10) });
  for (const one of await back) assert.deepEqual(one, { status: "fulfilled", value: sequences(7, 12) });
  await store.close();
  Deno.removeSync(folder, { recursive: true });
});
