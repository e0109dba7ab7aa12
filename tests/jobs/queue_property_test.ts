/** Whatever is done to the queue, in whatever order, its invariants hold. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Generation, GenerationStatus } from "../../jobs/generation.ts";
import { LeaseLostError } from "../../jobs/errors.ts";
import { type Backend, countOf } from "./backend.ts";
import { PICTURE, preview, requestFor } from "./requests.ts";
import { openSqlite } from "../store/sqlite/sqlite_backend.ts";

/** Every change of status that may happen; null is before enqueueing. */
const LEGAL = new Map<GenerationStatus | null, readonly GenerationStatus[]>([
  [null, ["QUEUED"]],
  ["QUEUED", ["RUNNING", "CANCELED", "EXPIRED"]],
  ["RUNNING", ["QUEUED", "CANCELING", "SUCCEEDED", "FAILED"]],
  ["CANCELING", ["SUCCEEDED", "FAILED", "CANCELED"]],
  ["SUCCEEDED", []],
  ["FAILED", []],
  ["CANCELED", []],
  ["EXPIRED", []],
]);

/** What the test did so far: the ids enqueued and every claim ever made, stale ones included. */
interface History {
  readonly ids: string[];
  readonly claims: { readonly id: string; readonly token: number }[];
}

type Operation = (backend: Backend, history: History) => Promise<unknown>;

/** An operation of a token holder, which may find its lease lost. */
function asHolder(
  name: string,
  act: (work: Backend["work"], id: string, token: number) => Promise<unknown>,
): fc.Arbitrary<Operation> {
  return fc.nat(30).map((pick) => {
    const operation: Operation = async ({ work }, { claims }) => {
      // Mostly late claims: early ones are stale.
      const claim = claims.at(-1 - pick % 4);
      if (claim === undefined) return;
      await act(work, claim.id, claim.token).catch((error: unknown) => {
        if (!(error instanceof LeaseLostError)) throw error;
      });
    };
    return Object.assign(operation, { toString: () => `${name} ${pick}` });
  });
}

function named(name: string, operation: Operation): fc.Arbitrary<Operation> {
  return fc.constant(Object.assign(operation, { toString: () => name }));
}

const operations = fc.oneof(
  named("enqueue", async ({ queue }, { ids }) => {
    ids.push((await queue.enqueue(requestFor("a"))).generation.id);
  }),
  fc.nat(11).map((pick): Operation =>
    Object.assign(
      async ({ queue, clock }: Backend, { ids }: History) => {
        const lane = "abc"[pick % 3] ?? "";
        const deadline = pick % 2 === 0 ? {} : { expiresAt: clock.now + 100 * pick };
        ids.push((await queue.enqueue(requestFor("a"), { lane, priority: pick % 4, ...deadline })).generation.id);
      },
      { toString: () => `enqueue in a lane ${pick}` },
    )
  ),
  named("expire", ({ queue }) => queue.expire()),
  named("claim", async ({ work }, { claims }) => {
    const claim = await work.claim("worker", 1000);
    if (claim !== null) claims.push({ id: claim.generation.id, token: claim.token });
  }),
  named("claim", async ({ work }, { claims }) => {
    const claim = await work.claim("worker", 1000);
    if (claim !== null) claims.push({ id: claim.generation.id, token: claim.token });
  }),
  fc.nat(10).map((pick): Operation =>
    Object.assign(
      ({ queue }: Backend, { ids }: History) => queue.requestCancel(ids.at(-1 - pick) ?? "nobody"),
      { toString: () => `requestCancel ${pick}` },
    )
  ),
  asHolder("renew", (work, id, token) => work.renew(id, token, 1000)),
  asHolder("begin", (work, id, token) => work.begin(id, token, { step: 1, reason: "continues after step 1 of 20" })),
  asHolder("progress", (work, id, token) => work.progress(id, token, { step: 1, etaMs: 10, preview: preview(2, 2) })),
  asHolder("complete", (work, id, token) => work.complete(id, token, { image: PICTURE, metrics: null })),
  asHolder("fail", (work, id, token) => work.fail(id, token, { code: "BROKEN", message: "broken" })),
  asHolder("release", (work, id, token) => work.release(id, token, "shutting down")),
  named("recover", ({ work }) => work.recover()),
  named("two claims at once", async ({ work }, { claims }) => {
    const both = await Promise.all([work.claim("a", 1000), work.claim("b", 1000)]);
    claims.push(...both.flatMap((c) => c === null ? [] : [{ id: c.generation.id, token: c.token }]));
  }),
  named("600 ms pass", ({ clock }) => Promise.resolve(clock.now += 600)),
  named("reopen", (backend) => backend.reopen()),
);

function isFinal(status: GenerationStatus): boolean {
  return LEGAL.get(status)?.length === 0;
}

async function checkInvariants(backend: Backend, history: History, finished: Map<string, Generation>): Promise<void> {
  const { queue, generations, events } = backend;
  assert.equal(await countOf(generations), history.ids.length);
  for (const id of history.ids) {
    const generation = await generations.get(id);
    assert.ok(generation !== null);
    const log = await events.read(id, 0);
    assert.deepEqual(log.map((e) => e.sequence), log.map((_, i) => i + 1), "sequences are dense");

    let status: GenerationStatus | null = null;
    for (const event of log) {
      if (event.type !== "STATUS") continue;
      // How an attempt begins is told with the status that it has.
      if (event.status === status && event.reason !== null) continue;
      assert.ok(LEGAL.get(status)?.includes(event.status), `${status} -> ${event.status}`);
      status = event.status;
    }
    assert.equal(generation.status, status, "the record and the log agree");

    const final = isFinal(generation.status);
    const completions = log.filter((e) => e.type === "COMPLETED");
    assert.equal(completions.length, final ? 1 : 0);
    assert.equal(log.at(-1)?.type === "COMPLETED", final, "COMPLETED is last");
    if (final) assert.equal(completions[0]?.status, generation.status);
    assert.equal(generation.completedAt !== null, final);
    assert.equal(generation.error !== null, generation.status === "FAILED");
    assert.equal(generation.image !== null, generation.status === "SUCCEEDED");
    assert.equal(generation.startedAt === null, generation.status === "QUEUED" || neverStarted(generation));
    assert.ok(generation.attempts <= 3);

    const before = finished.get(id);
    if (before !== undefined) assert.deepEqual(generation, before, "what is finished stays");
    if (final) finished.set(id, generation);
  }
  const positions = await Promise.all(history.ids.map((id) => queue.position(id)));
  const waiting = positions.filter((position) => position !== null).sort((a, b) => a - b);
  assert.deepEqual(waiting, waiting.map((_, i) => i), "everything that waits has a place of its own");
  const tokens = history.claims.map((c) => c.token);
  assert.equal(new Set(tokens).size, tokens.length);
}

function neverStarted({ status, attempts, startedAt }: Generation): boolean {
  // Ended while queued, perhaps after a lost attempt.
  return (status === "CANCELED" || status === "EXPIRED") && (attempts === 0 || startedAt === null);
}

Deno.test("any sequence of operations keeps statuses legal, final ones final and sequences dense", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operations, { minLength: 10, maxLength: 60, size: "max" }), async (sequence) => {
      await using backend = await openSqlite({ sync: false });
      const history: History = { ids: [], claims: [] };
      const finished = new Map<string, Generation>();
      for (const [i, operation] of sequence.entries()) {
        await operation(backend, history);
        if (i % 8 === 7) await checkInvariants(backend, history, finished);
      }
      await checkInvariants(backend, history, finished);
    }),
    { numRuns: 40, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  );
});
