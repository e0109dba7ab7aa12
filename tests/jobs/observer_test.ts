/** What an observer of the queue is told: every change of a status, once, in order, whatever brought it about. */

import assert from "node:assert/strict";
import type { Generation } from "../../jobs/generation.ts";
import type { GenerationObserver } from "../../jobs/observer.ts";
import { openStore } from "../../store/open.ts";
import { PICTURE, requestFor, under } from "./requests.ts";

const LEASE_MS = 1000;

/** Keeps what it is told. */
class Notes implements GenerationObserver {
  readonly told = new Map<string, string[]>();

  statusChanged({ id, status }: Generation): void {
    this.told.set(id, [...this.told.get(id) ?? [], status]);
  }

  stepTaken(): void {}
}

Deno.test("an observer is told what the event log has, for every way in which a status changes", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const clock = { now: 1_700_000_000_000 };
  const observer = new Notes();
  const open = () => openStore(folder, { now: () => clock.now, maxAttempts: 2, sync: false, observer });
  let store = await open();
  const ids: string[] = [];
  const enqueue = async (expiresAfterMs?: number) => {
    const options = expiresAfterMs === undefined ? {} : { expiresAfterMs };
    const { generation: { id } } = await store.queue.enqueue(requestFor("tulips"), options);
    ids.push(id);
    return id;
  };
  const claim = async () => {
    const claimed = await store.work.claim("worker", LEASE_MS);
    assert.ok(claimed !== null);
    return { id: claimed.generation.id, token: claimed.token };
  };
  try {
    await enqueue();
    let { id, token } = await claim();
    await store.work.complete(id, token, { image: PICTURE, metrics: null });

    await enqueue();
    ({ id, token } = await claim());
    await store.work.fail(id, token, { code: "BROKEN", message: "it broke" });

    await enqueue();
    ({ id, token } = await claim());
    await store.queue.requestCancel(id);
    await store.queue.requestCancel(id); // changes nothing
    await store.work.release(id, token, "the worker stopped");

    await store.queue.requestCancel(await enqueue());

    await enqueue();
    ({ id, token } = await claim());
    await store.work.release(id, token, "the worker stopped");
    ({ id, token } = await claim());
    clock.now += 2 * LEASE_MS;
    await store.work.recover();
    ({ id, token } = await claim());
    await store.close();
    store = await open(); // a second worker is lost: that was the last attempt

    await enqueue(10);
    clock.now += 20;
    await store.queue.expire();

    await store.queue.enqueue(requestFor("roses"), { ...under("k"), id: "first" });
    await store.queue.enqueue(requestFor("roses"), { ...under("k"), id: "second" });
    ids.push("first");
    await assert.rejects(store.queue.enqueue(requestFor("roses"), under("k", "thorns")));

    const logged = await Promise.all(ids.map(async (id) => {
      const events = await store.events.read(id, 0);
      return [id, events.flatMap((event) => event.type === "STATUS" ? [event.status] : [])] as const;
    }));
    assert.deepEqual([...observer.told], logged);
    assert.deepEqual(logged.map(([, statuses]) => statuses.at(-1)), [
      "SUCCEEDED",
      "FAILED",
      "CANCELED",
      "CANCELED",
      "FAILED",
      "EXPIRED",
      "QUEUED",
    ]);
  } finally {
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
