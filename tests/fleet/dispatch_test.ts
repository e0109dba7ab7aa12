/** Workers find what waits by tickets, and what tickets do not say by themselves. */

import assert from "node:assert/strict";
import { DispatchedWork } from "../../fleet/dispatched_work.ts";
import { keepTickets, sweepTickets, SweepTurns, TicketWriter } from "../../fleet/ticket_writer.ts";
import { type Preference, Tickets } from "../../fleet/tickets.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import { PICTURE, requestFor } from "../jobs/requests.ts";
import { until } from "../../tools/cluster/engines/service.ts";
import { processes } from "./processes.ts";

/** Records, and a server's and a worker's tickets for them. */
async function house(preference: Preference = { warm: ["m"], cold: ["n"] }) {
  const { server, stack, open: connect } = await processes();
  const open = async () => stack.adopt(new Tickets(await connect()), (tickets) => tickets.close());
  const tickets = await open();
  const folder = Deno.makeTempDirSync({ prefix: "parterre-dispatch-" });
  stack.defer(() => Deno.removeSync(folder, { recursive: true }));
  const store: Store = await openStore(folder, { sync: false, observer: new TicketWriter(tickets) });
  stack.defer(() => store.close());
  const worker = async () =>
    new DispatchedWork(store.work, await open(), { preference: () => preference, blindMs: 50 });
  const put = async (model: string) => (await store.queue.enqueue({ ...requestFor("a"), model })).generation.id;
  return { server, tickets, store, worker, put, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const never = new AbortController().signal;

/** What a worker's loop does until it has something. */
async function next(work: DispatchedWork) {
  for (let tries = 0; tries < 20; tries++) {
    const claim = await work.claim("worker", 10_000);
    if (claim !== null) return claim;
    await work.waitForWork(never);
  }
  throw new Error("Nothing to claim");
}

Deno.test("what is queued is claimed by a worker that waits, models in memory first", async () => {
  await using all = await house();
  const work = await all.worker();
  const waiting = next(work);
  const first = await all.put("n");
  assert.equal((await waiting).generation.id, first);
  const cold = await all.put("n");
  const warm = await all.put("m");
  assert.equal((await next(work)).generation.id, warm);
  assert.equal((await next(work)).generation.id, cold);
  assert.equal(await all.tickets.count("n"), 0);
});

Deno.test("what a worker lets go is claimed by another; the ticket of what was canceled leads nowhere", async () => {
  await using all = await house();
  const [one, other] = [await all.worker(), await all.worker()];
  const id = await all.put("m");
  const claim = await next(one);
  await one.release(id, claim.token, "the worker shut down");
  assert.equal((await next(other)).generation.id, id);
  const canceled = await all.put("m");
  assert.equal(await all.store.queue.requestCancel(canceled), "CANCELED");
  await one.waitForWork(never);
  assert.equal(await one.claim("worker", 10_000), null);
});

Deno.test("tickets that Redis lost are made again; what is accepted while it is away is painted", async () => {
  await using all = await house();
  const work = await all.worker();
  const sweep = () => sweepTickets({ ...all.store, tickets: all.tickets });
  const ids = [await all.put("m"), await all.put("m")];
  assert.equal(await sweep(), 0);
  await all.server.stop();
  ids.push(await all.put("n")); // accepted, though nobody can be told
  const claimed = await next(work);
  assert.ok(ids.includes(claimed.generation.id), "found without tickets");
  await work.complete(claimed.generation.id, claimed.token, { image: PICTURE, metrics: null });
  await assert.rejects(sweep());
  await all.server.start();
  while (await sweep().catch(() => 0) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await sweep(), 0);
  const rest = [await next(work), await next(work)].map(({ generation }) => generation.id);
  assert.deepEqual(new Set([claimed.generation.id, ...rest]), new Set(ids));
});

/** A process that sweeps whenever it is its turn. */
function sweeping(turns: SweepTurns) {
  let [asked, sweeps] = [0, 0];
  const ends = new AbortController();
  const done = keepTickets(
    {
      queue: { queuedByModel: () => Promise.resolve(new Map([["m", ++sweeps]])) },
      generations: { list: () => Promise.resolve({ items: [], hasNextPage: false, hasPreviousPage: false }) },
      tickets: { add: () => Promise.resolve(), count: () => Promise.resolve(1e9) },
      turns: { take: (periodMs) => (asked++, turns.take(periodMs)) },
    },
    ends.signal,
    50,
  );
  return {
    asked: () => asked,
    sweeps: () => sweeps,
    end: () => {
      ends.abort();
      return done;
    },
  };
}

Deno.test("of the processes that sweep one does in each period; the next one does where that one is gone", async () => {
  await using all = await processes();
  const [one, other] = await Promise.all([all.open(), all.open()]);
  const turns = [new SweepTurns(one), new SweepTurns(other)];
  const taken = await Promise.all([...turns, ...turns].map((turn) => turn.take(60_000)));
  assert.equal(taken.filter(Boolean).length, 1, "one of both, once");
  const [first, second] = [sweeping(new SweepTurns(one)), sweeping(new SweepTurns(other))];
  const soon = (look: () => void) => until(() => Promise.resolve().then(look), 5000);
  await soon(() => assert.ok(first.asked() > 2 && second.asked() > 2));
  assert.equal(first.sweeps() + second.sweeps(), 0, "another has the turn");

  await one.commands.del("test:sweep"); // as when the period is over
  await soon(() => assert.ok(first.sweeps() + second.sweeps() > 1));
  await first.end();
  const before = second.sweeps();
  await soon(() => assert.ok(second.sweeps() > before, "the other goes on alone"));
  await second.end();
});
