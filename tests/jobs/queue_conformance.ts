/** What every backend of the job queue does. */

import assert from "node:assert/strict";
import { InvalidInputError } from "../../errors.ts";
import {
  DuplicateGenerationError,
  IdempotencyConflictError,
  LaneLimitError,
  LeaseLostError,
  QueueFullError,
} from "../../jobs/errors.ts";
import type { GenerationStatus } from "../../jobs/generation.ts";
import type { Claim } from "../../jobs/work_queue.ts";
import { type Backend, countOf, type OpenBackend, rejection } from "./backend.ts";
import { PICTURE, preview, requestFor, under } from "./requests.ts";

const LEASE_MS = 10_000;
const RESULT = { image: PICTURE, metrics: { stepMs: [12.5, 13] } };
const BROKEN = { code: "OUT_OF_MEMORY", message: "the device ran out of memory" };

/** Registers the suite for one backend. */
export function queueConformance(name: string, open: OpenBackend): void {
  const test = (claim: string, body: (backend: Backend) => Promise<void>, options = {}) =>
    Deno.test(`${name} queue: ${claim}`, async () => {
      await using backend = await open(options);
      await body(backend);
    });

  const enqueue = async ({ queue }: Backend, prompt = "a garden"): Promise<string> =>
    (await queue.enqueue(requestFor(prompt))).generation.id;

  const claim = async ({ work }: Backend): Promise<Claim> => {
    const claimed = await work.claim("worker", LEASE_MS);
    assert.ok(claimed !== null);
    return claimed;
  };

  /** Brings a new generation into a status; the token is the last one that it had. */
  const bring = async (backend: Backend, status: GenerationStatus): Promise<{ id: string; token: number }> => {
    const { queue, work, generations } = backend;
    const id = await enqueue(backend);
    if (status === "QUEUED") return { id, token: 0 };
    const { generation, token } = await claim(backend);
    assert.equal(generation.id, id);
    if (status === "CANCELING" || status === "CANCELED") await queue.requestCancel(id);
    if (status === "SUCCEEDED") await work.complete(id, token, RESULT);
    if (status === "FAILED") await work.fail(id, token, BROKEN);
    if (status === "CANCELED") await work.release(id, token, "the worker stopped");
    assert.equal((await generations.get(id))?.status, status);
    return { id, token };
  };

  /** After a reopening: lets leases expire where another process may hold them. */
  const lose = async ({ alone, work, clock }: Backend): Promise<void> => {
    if (alone) return;
    assert.deepEqual(await work.recover(), { requeued: [], failed: [], canceled: [] });
    clock.now += LEASE_MS;
    await work.recover();
  };

  const story = async ({ events }: Backend, id: string): Promise<string[]> =>
    (await events.read(id, 0)).map((e) => "status" in e ? `${e.type} ${e.status}` : e.type);

  test("an accepted generation is recorded as it was asked for", async (backend) => {
    const { queue, generations, clock } = backend;
    const { generation, created } = await queue.enqueue(requestFor("tulips"), under("k"));
    assert.equal(created, true);
    assert.deepEqual(generation, {
      id: generation.id,
      request: requestFor("tulips"),
      owner: null,
      idempotencyKey: "k",
      priority: 0,
      expiresAt: null,
      status: "QUEUED",
      attempts: 0,
      createdAt: clock.now,
      startedAt: null,
      completedAt: null,
      step: 0,
      etaMs: null,
      error: null,
      image: null,
      moreImages: [],
      metrics: null,
      regionMasks: [],
    });
    assert.deepEqual(await generations.get(generation.id), generation);
    assert.equal(await generations.get("nobody"), null);
    assert.match(generation.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("requests, keys and owners are kept to the letter, whatever their letters are", async (backend) => {
    const text = "\0 \ud800 \ue000 \u2028 \u{1f337} ' \" \\ %";
    const owner = "\u00e4 'or''1'='1";
    const { generation } = await backend.queue.enqueue(requestFor(text), { ...under("k' \u{1f337}"), owner });
    assert.deepEqual(await backend.generations.get(generation.id), generation);
    assert.deepEqual(generation.request, requestFor(text));
    assert.deepEqual(await backend.generations.findByKey(under("k' \u{1f337}").idempotency, owner), generation);
    assert.equal(await backend.generations.get("\0"), null);
    assert.equal((await claim(backend)).generation.id, generation.id);
  });

  test("ids sort in the order of enqueueing, also within a millisecond and when the clock steps back", async (b) => {
    const ids: string[] = [];
    for (const now of [5000, 5000, 5000, 4000, 6000]) {
      b.clock.now = now;
      ids.push(await enqueue(b));
    }
    assert.deepEqual([...ids].sort(), ids);
  });

  test("an id of the caller's choice is used once", async ({ queue }) => {
    await queue.enqueue(requestFor("a"), { id: "mine" });
    assert.ok(await rejection(queue.enqueue(requestFor("b"), { id: "mine" })) instanceof DuplicateGenerationError);
  });

  test("the same idempotency key and input return the original, whatever the input means by now, in any status", async (backend) => {
    const { queue, work, generations } = backend;
    const { generation } = await queue.enqueue(requestFor("a"), under("k"));
    const again = await queue.enqueue(requestFor("what the input means now"), under("k"));
    assert.deepEqual(again, { generation, created: false });

    const { token } = await claim(backend);
    await work.complete(generation.id, token, RESULT);
    const late = await queue.enqueue(requestFor("a"), under("k"));
    assert.equal(late.generation.status, "SUCCEEDED");
    assert.equal(await countOf(generations), 1);
  });

  test("one of many concurrent enqueues with one key creates", async ({ queue }) => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => queue.enqueue(requestFor("a"), under("k"))),
    );
    assert.equal(all.filter((e) => e.created).length, 1);
    assert.equal(new Set(all.map((e) => e.generation.id)).size, 1);
  });

  test("a key finds the generation that it stands for", async ({ queue, generations }) => {
    const { generation } = await queue.enqueue(requestFor("a"), under("k"));
    await queue.enqueue(requestFor("b"), under("l"));
    await queue.enqueue(requestFor("c"));
    const find = (key: string) => generations.findByKey(under(key).idempotency, null);
    assert.deepEqual(await find("k"), generation);
    assert.equal(await find("K"), null);
    assert.equal(await find(""), null);
  });

  test("the same idempotency key for another input is a conflict, for equal requests too", async ({ queue, generations }) => {
    const { generation } = await queue.enqueue(requestFor("a"), under("k"));
    const other = under("k", "another input");
    const attempts = [
      () => queue.enqueue(requestFor("a"), other),
      () => generations.findByKey(other.idempotency, null),
    ];
    for (const attempt of attempts) {
      const error = await rejection(attempt());
      assert.ok(error instanceof IdempotencyConflictError);
      assert.equal(error.code, "IDEMPOTENCY_CONFLICT");
      assert.equal(error.generationId, generation.id);
    }
    assert.equal(await countOf(generations), 1);
  });

  test("a full queue refuses, says when to retry, and still answers known keys", async (backend) => {
    const { queue, work, clock } = backend;
    await queue.enqueue(requestFor("a"), under("k"));
    const first = await claim(backend);
    clock.now += 8000;
    await work.complete(first.generation.id, first.token, RESULT);
    await enqueue(backend, "b");
    await enqueue(backend, "c");

    const error = await rejection(queue.enqueue(requestFor("d")));
    assert.ok(error instanceof QueueFullError);
    assert.equal(error.maxQueued, 2);
    assert.equal(error.retryAfterMs, 8000);
    assert.equal((await queue.enqueue(requestFor("a"), under("k"))).created, false);
    await claim(backend);
    assert.equal((await queue.enqueue(requestFor("d"))).created, true);
  }, { maxQueued: 2 });

  test("claims are oldest first, and null when nothing waits", async (backend) => {
    const ids = [await enqueue(backend, "a"), await enqueue(backend, "b")];
    const first = await claim(backend), second = await claim(backend);
    assert.deepEqual([first.generation.id, second.generation.id], ids);
    assert.equal(first.generation.status, "RUNNING");
    assert.equal(first.generation.attempts, 1);
    assert.equal(first.generation.startedAt, backend.clock.now);
    assert.equal(await backend.work.claim("worker", LEASE_MS), null);
  });

  test("of many concurrent claimers each gets another generation and a token of its own", async (backend) => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, i) => enqueue(backend, `${i}`)));
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, i) => backend.work.claim(`worker ${i}`, LEASE_MS)),
    );
    const won = claims.filter((c) => c !== null);
    assert.deepEqual(won.map((c) => c.generation.id).sort(), ids.sort());
    assert.equal(new Set(won.map((c) => c.token)).size, 30);
  });

  test("of a completion and a recovery at the same time one takes place, and the other knows", async (backend) => {
    const { queue, work, generations } = backend;
    for (let i = 0; i < 15; i++) {
      const { id, token } = await bring(backend, "RUNNING");
      const [completed] = await Promise.allSettled([
        work.complete(id, token, RESULT),
        work.recover({ allLeases: true }),
        work.progress(id, token, { step: 1, etaMs: null, preview: null }).catch(() => {}),
      ]);
      const lost = completed.status === "rejected" && completed.reason instanceof LeaseLostError;
      assert.equal((await generations.get(id))?.status, lost ? "QUEUED" : "SUCCEEDED");
      const told = await story(backend, id);
      assert.equal(told.filter((event) => event.startsWith("COMPLETED")).length, lost ? 0 : 1);
      if (lost) await queue.requestCancel(id);
    }
  });

  test("of a claim and a cancellation at the same time one comes first, and the other sees it", async (backend) => {
    const { queue, work, generations } = backend;
    for (let i = 0; i < 15; i++) {
      const id = await enqueue(backend);
      const [canceled, claimed] = await Promise.all([queue.requestCancel(id), work.claim("worker", LEASE_MS)]);
      assert.equal(canceled, claimed === null ? "CANCELED" : "CANCELING");
      assert.equal((await generations.get(id))?.status, canceled);
      if (claimed !== null) await work.release(id, claimed.token, "the worker stopped");
    }
  });

  test("tokens only grow, across generations, attempts and restarts", async (backend) => {
    await enqueue(backend, "a");
    await enqueue(backend, "b");
    const tokens = [(await claim(backend)).token, (await claim(backend)).token];
    await backend.work.recover({ allLeases: true });
    tokens.push((await claim(backend)).token);
    await backend.reopen();
    await lose(backend);
    tokens.push((await claim(backend)).token);
    assert.ok(tokens.every((t, i) => Number.isInteger(t) && t > (tokens[i - 1] ?? 0)), String(tokens));
  });

  test("a lease must have a length", async ({ queue, work }) => {
    await queue.enqueue(requestFor("a"));
    assert.ok(await rejection(work.claim("worker", 0)) instanceof RangeError);
    assert.equal((await queue.stats()).queued, 1);
  });

  test("progress is recorded and appended with its preview, in one change", async (backend) => {
    const { work, generations, events, clock } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    const shown = preview(3, 2);
    const answer = await work.progress(id, token, { step: 3, etaMs: 1700.5, preview: shown });
    assert.deepEqual(answer, { cancelRequested: false });
    const generation = await generations.get(id);
    assert.equal(generation?.step, 3);
    assert.equal(generation?.etaMs, 1700.5);
    await work.progress(id, token, { step: 4, etaMs: null, preview: null });
    assert.deepEqual(await events.read(id, 2), [
      { sequence: 3, at: clock.now, type: "PROGRESS", step: 3, steps: 20, etaMs: 1700.5 },
      { sequence: 4, at: clock.now, type: "PREVIEW", step: 3, steps: 20, ...shown },
      { sequence: 5, at: clock.now, type: "PROGRESS", step: 4, steps: 20, etaMs: null },
    ]);
    for (const step of [-1, 21, 0.5, NaN]) {
      const refused = work.progress(id, token, { step, etaMs: null, preview: null });
      assert.ok(await rejection(refused) instanceof InvalidInputError);
    }
    const torn = { ...shown, pixels: shown.pixels.slice(1) };
    assert.ok(
      await rejection(work.progress(id, token, { step: 5, etaMs: null, preview: torn })) instanceof RangeError,
    );
    assert.equal((await generations.get(id))?.step, 4, "all of it or nothing");
    assert.equal(await events.latest(id), 5);
  });

  test("masks that were found are told and recorded, and forgotten with their attempt", async (backend) => {
    const { work, generations, events, clock } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    assert.deepEqual((await generations.get(id))?.regionMasks, []);
    const masks = [{ region: "pet", words: "cat", image: { ...PICTURE, assetKey: "c".repeat(64) } }];
    await work.noteRegionMasks(id, token, masks);
    assert.deepEqual((await generations.get(id))?.regionMasks, masks);
    assert.deepEqual(await events.read(id, 2), [{ sequence: 3, at: clock.now, type: "REGION_MASKS", masks }]);
    assert.ok(await rejection(work.noteRegionMasks(id, token + 1, masks)) instanceof LeaseLostError);
    await work.release(id, token, "the worker shut down");
    assert.deepEqual((await generations.get(id))?.regionMasks, []);
  });

  test("a worker is told of a cancellation while it paints, once for its token, and not afterwards", async (backend) => {
    const { queue, work } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    const stale = work.onCancel(id, token - 1, () => assert.fail("not its own"));
    const { promise, resolve } = Promise.withResolvers<void>();
    {
      using _hearing = work.onCancel(id, token, resolve);
      await new Promise((resolve) => setTimeout(resolve, 50)); // a bell may need a moment to be heard elsewhere
      await queue.requestCancel(id);
      await promise;
    }
    stale[Symbol.dispose]();
    await work.release(id, token, "the worker stopped");
  });

  test("an attempt that begins with steps of an earlier one says so, and its steps are counted from there", async (backend) => {
    const { work, generations, events, clock } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    const reason = "continues after step 12 of 20";
    await work.begin(id, token, { step: 12, reason });
    const { step, status } = await generations.get(id) ?? {};
    assert.deepEqual({ step, status }, { step: 12, status: "RUNNING" });
    const told = { sequence: 3, at: clock.now, type: "STATUS", status: "RUNNING", reason } as const;
    assert.deepEqual(await events.read(id, 2), [told]);
    await work.begin(id, token, { step: 0, reason: "begins anew" });
    assert.equal((await generations.get(id))?.step, 0);
    for (const step of [-1, 21, 1.5]) {
      assert.ok(await rejection(work.begin(id, token, { step, reason })) instanceof InvalidInputError, `${step}`);
    }
    assert.equal((await generations.get(id))?.startedAt, clock.now, "it is the same attempt");
    const other = await bring(backend, "CANCELING");
    await work.begin(other.id, other.token, { step: 1, reason });
    assert.equal((await generations.get(other.id))?.status, "CANCELING");
  });

  test("progress tells whether cancellation was asked for", async (backend) => {
    const { work } = backend;
    const { id, token } = await bring(backend, "CANCELING");
    const answer = await work.progress(id, token, { step: 1, etaMs: null, preview: null });
    assert.deepEqual(answer, { cancelRequested: true });
  });

  test("several pictures are recorded and counted together, the first by itself", async (backend) => {
    const { generation: { id } } = await backend.queue.enqueue({ ...requestFor("several"), count: 2 });
    const { token } = await claim(backend);
    await backend.work.progress(id, token, { step: 40, etaMs: null, preview: null });
    const second = { ...PICTURE, assetKey: "1".repeat(64), sha256: "1".repeat(64) };
    await backend.work.complete(id, token, { image: PICTURE, moreImages: [second], metrics: null });
    const { step, image, moreImages } = await backend.generations.get(id) ?? assert.fail();
    assert.deepEqual({ step, image, moreImages }, { step: 40, image: PICTURE, moreImages: [second] });
  });

  test("completion records the picture and ends the log", async (backend) => {
    const { id, token } = await bring(backend, "RUNNING");
    backend.clock.now += 5000;
    await backend.work.complete(id, token, RESULT);
    const generation = await backend.generations.get(id);
    assert.equal(generation?.status, "SUCCEEDED");
    assert.equal(generation?.completedAt, backend.clock.now);
    assert.equal(generation?.step, 20);
    assert.deepEqual(generation?.image, PICTURE);
    assert.deepEqual(generation?.metrics, RESULT.metrics);
    assert.deepEqual(await story(backend, id), [
      "STATUS QUEUED",
      "STATUS RUNNING",
      "STATUS SUCCEEDED",
      "COMPLETED SUCCEEDED",
    ]);
  });

  test("failure records its error in the record and in the log", async (backend) => {
    const { id, token } = await bring(backend, "RUNNING");
    await backend.work.fail(id, token, BROKEN);
    assert.deepEqual((await backend.generations.get(id))?.error, BROKEN);
    const [status, completed] = await backend.events.read(id, 2);
    assert.ok(status?.type === "STATUS" && status.reason === BROKEN.message);
    assert.ok(completed?.type === "COMPLETED");
    assert.deepEqual([completed.status, completed.error], ["FAILED", BROKEN]);
  });

  test("only the current token changes a generation", async (backend) => {
    const { work, generations } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    await work.recover({ allLeases: true });
    const next = await claim(backend);
    assert.equal(next.generation.id, id);
    const before = await generations.get(id), told = await story(backend, id);

    for (const stale of [token, next.token + 1]) {
      for (
        const attempt of [
          () => work.begin(id, stale, { step: 1, reason: "continues" }),
          () => work.progress(id, stale, { step: 1, etaMs: null, preview: preview(2, 2) }),
          () => work.complete(id, stale, RESULT),
          () => work.fail(id, stale, BROKEN),
          () => work.release(id, stale, "shutdown"),
        ]
      ) {
        const error = await rejection(attempt());
        assert.ok(error instanceof LeaseLostError);
        assert.equal(error.code, "LEASE_LOST");
      }
      assert.equal(await work.renew(id, stale, LEASE_MS), false);
    }
    assert.deepEqual(await generations.get(id), before);
    assert.deepEqual(await story(backend, id), told);
    await work.complete(id, next.token, RESULT);
    assert.ok(await rejection(work.complete(id, next.token, RESULT)) instanceof LeaseLostError);
    assert.ok(await rejection(work.complete("nobody", next.token, RESULT)) instanceof LeaseLostError);
  });

  test("a renewed lease outlives its first term, an expired one is recovered", async (backend) => {
    const { work, clock } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    clock.now += LEASE_MS - 1;
    assert.equal(await work.renew(id, token, LEASE_MS), true);
    clock.now += LEASE_MS - 1;
    assert.deepEqual(await work.recover(), { requeued: [], failed: [], canceled: [] });
    assert.deepEqual(await work.recover({ now: clock.now + 1 }), { requeued: [id], failed: [], canceled: [] });
    assert.equal(await work.renew(id, token, LEASE_MS), false);
  });

  test("a lost generation is queued again at its old place, from the beginning, and says why", async (backend) => {
    const { queue, work, generations, clock, events } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    await work.progress(id, token, { step: 5, etaMs: 100, preview: null });
    await enqueue(backend, "later");
    clock.now += LEASE_MS;
    await work.recover();
    const generation = await generations.get(id);
    assert.equal(generation?.status, "QUEUED");
    assert.deepEqual([generation?.step, generation?.etaMs, generation?.startedAt], [0, null, null]);
    assert.equal(generation?.attempts, 1);
    assert.equal(await queue.position(id), 0);
    const last = (await events.read(id, 0)).at(-1);
    assert.ok(last?.type === "STATUS" && last.status === "QUEUED");
    assert.equal(last.reason, "the worker was lost in attempt 1 of 3");
  });

  test("a generation that loses every attempt's worker fails", async (backend) => {
    const { work, generations } = backend;
    const id = await enqueue(backend);
    for (const expected of ["QUEUED", "FAILED"]) {
      await claim(backend);
      await work.recover({ allLeases: true });
      assert.equal((await generations.get(id))?.status, expected);
    }
    assert.deepEqual((await generations.get(id))?.error, {
      code: "WORKER_LOST",
      message: "the worker was lost in attempt 2 of 2",
    });
    assert.equal((await story(backend, id)).at(-1), "COMPLETED FAILED");
    assert.equal(await work.claim("worker", LEASE_MS), null);
  }, { maxAttempts: 2 });

  test("a released generation is queued again without losing an attempt", async (backend) => {
    const { work, generations } = backend;
    const { id, token } = await bring(backend, "RUNNING");
    await work.release(id, token, "shutting down");
    const generation = await generations.get(id);
    assert.deepEqual([generation?.status, generation?.attempts], ["QUEUED", 0]);
    assert.equal((await claim(backend)).generation.id, id);
  });

  const outcomes = [
    ["QUEUED", "CANCELED", "CANCELED"],
    ["RUNNING", "CANCELING", "CANCELING"],
    ["CANCELING", "CANCELING", "CANCELING"],
    ["SUCCEEDED", "ALREADY_FINISHED", "SUCCEEDED"],
    ["FAILED", "ALREADY_FINISHED", "FAILED"],
    ["CANCELED", "CANCELED", "CANCELED"],
  ] as const;
  for (const [status, outcome, after] of outcomes) {
    test(`cancellation of a ${status} generation: ${outcome}, and asking again changes nothing`, async (backend) => {
      const { queue, generations } = backend;
      const { id } = await bring(backend, status);
      assert.equal(await queue.requestCancel(id), outcome);
      const told = await story(backend, id);
      assert.equal(await queue.requestCancel(id), outcome);
      assert.deepEqual(await story(backend, id), told);
      assert.equal((await generations.get(id))?.status, after);
    });
  }

  test("cancellation of a generation that does not exist", async ({ queue }) => {
    assert.equal(await queue.requestCancel("nobody"), "NOT_FOUND");
  });

  test("a canceled queued generation is never claimed and its log is complete", async (backend) => {
    const id = await enqueue(backend);
    await backend.queue.requestCancel(id);
    assert.equal(await backend.work.claim("worker", LEASE_MS), null);
    assert.deepEqual(await story(backend, id), ["STATUS QUEUED", "STATUS CANCELED", "COMPLETED CANCELED"]);
  });

  test("a canceling generation ends canceled by its worker or by recovery", async (backend) => {
    const { work, generations } = backend;
    for (const end of ["release", "recover"] as const) {
      const { id, token } = await bring(backend, "CANCELING");
      assert.equal(await work.renew(id, token, LEASE_MS), true);
      if (end === "release") await work.release(id, token, "shutting down");
      if (end === "recover") assert.deepEqual((await work.recover({ allLeases: true })).canceled, [id]);
      assert.equal((await generations.get(id))?.status, "CANCELED", end);
      assert.equal((await story(backend, id)).at(-1), "COMPLETED CANCELED", end);
    }
  });

  test("a picture finished before its worker saw the cancellation is kept", async (backend) => {
    const { id, token } = await bring(backend, "CANCELING");
    await backend.work.complete(id, token, RESULT);
    assert.equal((await backend.generations.get(id))?.status, "SUCCEEDED");
  });

  test("positions count what is claimed before", async (backend) => {
    const { queue } = backend;
    const [a, b, c] = [await enqueue(backend, "a"), await enqueue(backend, "b"), await enqueue(backend, "c")] as const;
    assert.deepEqual(await Promise.all([a, b, c].map((id) => queue.position(id))), [0, 1, 2]);
    await claim(backend);
    await queue.requestCancel(b);
    assert.deepEqual(await Promise.all([a, b, c].map((id) => queue.position(id))), [null, null, 0]);
    assert.equal(await queue.position("nobody"), null);
  });

  test("a worker claims what it can paint, in turns and by priorities as ever", async (backend) => {
    const { queue, work } = backend;
    const put = async (model: string, lane: string, priority = 0) =>
      (await queue.enqueue({ ...requestFor("a"), model }, { lane, priority })).generation.id;
    const take = async (...models: string[]) => (await work.claim("worker", LEASE_MS, { models }))?.generation.id;
    const [first, second] = [await put("m", "a"), await put("n", "a")];
    const urgent = await put("n", "a", 5);
    const others = await put("m", "b");
    await put("o", "b");
    assert.deepEqual(await queue.queuedByModel(), new Map([["m", 2], ["n", 2], ["o", 1]]));
    assert.equal(await take(), undefined);
    assert.equal(await take("nobody's"), undefined);
    assert.equal(await take("m"), first);
    assert.equal(await take("m", "n"), others, "the other lane's turn");
    assert.equal(await take("m", "n"), urgent, "of both models");
    assert.equal(await take("n"), second);
    assert.equal(await take("m", "n"), undefined);
    assert.deepEqual(await queue.queuedByModel(), new Map([["o", 1]]));
  });

  test("lanes are served in turn, whatever each has waiting", async (backend) => {
    const { queue } = backend;
    const put = async (lane: string, prompt: string) =>
      (await queue.enqueue(requestFor(prompt), { lane })).generation.id;
    const many = [];
    for (let i = 0; i < 5; i++) many.push(await put("a", `a${i}`));
    const claimed = [(await claim(backend)).generation.id];
    const late = await put("b", "b0");
    const later = await put("c", "c0");
    const [, second, third, ...rest] = many;
    const order = [late, later, second, third, ...rest];
    assert.deepEqual(await Promise.all(order.map((id) => queue.position(id ?? ""))), [0, 1, 2, 3, 4, 5]);
    for (let i = 0; i < 3; i++) claimed.push((await claim(backend)).generation.id);
    const again = await put("b", "b1");
    assert.equal(await queue.position(again), 0, "b was served before a was");
    for (let i = 0; i < 4; i++) claimed.push((await claim(backend)).generation.id);
    assert.deepEqual(claimed, [many[0], late, later, second, again, third, ...rest]);
  });

  test("positions are the order of claims, for lanes and priorities of any kind", async (backend) => {
    const { queue, generations } = backend;
    let random = 7;
    const below = (n: number) => (random = random * 48271 % 2147483647) % n;
    for (let round = 0; round < 40; round++) {
      const lane = "abcd"[below(4)] ?? "";
      await queue.enqueue(requestFor(`${round}`), { lane, priority: below(3) - 1 });
      if (below(3) > 0) continue;
      const waiting = (await generations.list({ first: 99, status: "QUEUED" })).items.map(({ id }) => id);
      const positions = await Promise.all(waiting.map((id) => queue.position(id)));
      const next = waiting[positions.indexOf(0)];
      assert.deepEqual(positions.toSorted((x, y) => (x ?? 0) - (y ?? 0)), waiting.map((_, i) => i));
      assert.equal((await claim(backend)).generation.id, next);
    }
  });

  test("a lane's generations of a higher priority come first", async (backend) => {
    const { queue } = backend;
    const put = async (priority: number) =>
      (await queue.enqueue(requestFor(`${priority}`), { priority })).generation.id;
    const [low, high, middle] = [await put(-1), await put(5), await put(0)] as const;
    const claimed = [];
    for (let i = 0; i < 3; i++) claimed.push((await claim(backend)).generation.id);
    assert.deepEqual(claimed, [high, middle, low]);
  });

  test("a released generation is next again, also before lanes that wait", async (backend) => {
    const { queue, work } = backend;
    const { generation: { id } } = await queue.enqueue(requestFor("a"), { lane: "a" });
    const { token } = await claim(backend);
    await queue.enqueue(requestFor("b"), { lane: "b" });
    await work.release(id, token, "shutting down");
    assert.equal(await queue.position(id), 0);
    assert.equal((await claim(backend)).generation.id, id);
  });

  test("what still waits at its deadline expires; what was claimed before does not", async (backend) => {
    const { queue, work, generations, clock } = backend;
    const expiresAfterMs = 1000;
    const started = (await queue.enqueue(requestFor("started"), { expiresAfterMs })).generation.id;
    const { token } = await claim(backend);
    const waiting = (await queue.enqueue(requestFor("waiting"), { expiresAfterMs })).generation.id;
    clock.now += 999;
    assert.deepEqual(await queue.expire(), []);
    clock.now += 1;
    assert.deepEqual(await queue.expire(), [waiting]);
    assert.deepEqual(await story(backend, waiting), ["STATUS QUEUED", "STATUS EXPIRED", "COMPLETED EXPIRED"]);
    assert.equal(await work.claim("worker", LEASE_MS), null);
    assert.equal(await queue.requestCancel(waiting), "ALREADY_FINISHED");
    await work.complete(started, token, RESULT);
    assert.equal((await generations.get(started))?.status, "SUCCEEDED");
  });

  test("a claim takes nothing whose deadline has passed", async (backend) => {
    const { queue, work, generations } = backend;
    const { generation: { id } } = await queue.enqueue(requestFor("a"), { expiresAfterMs: 0 });
    assert.equal(await work.claim("worker", LEASE_MS), null);
    assert.equal((await generations.get(id))?.status, "EXPIRED");
  });

  test("a lane may have so many generations waiting and running, others are not held up", async (backend) => {
    const { queue, work } = backend;
    const put = (lane: string) => queue.enqueue(requestFor("a"), { lane, limits: { maxActive: 2 } });
    await put("a");
    const { token, generation } = await claim(backend);
    await put("a");
    const error = await rejection(put("a"));
    assert.ok(error instanceof LaneLimitError);
    assert.deepEqual([error.limit, error.value, error.maximum, error.code], ["ACTIVE", 3, 2, "LIMIT_EXCEEDED"]);
    await put("b");
    await work.complete(generation.id, token, RESULT);
    await put("a");
  });

  test("a lane may ask for so much work within an hour; what never started is given back", async (backend) => {
    const { queue, work, generations, clock } = backend;
    const amount = 256 * 256 * 20;
    const limits = { maxWorkPerHour: 2 * amount };
    const put = (lane = "a") => queue.enqueue(requestFor("a"), { lane, limits });
    const first = (await put()).generation.id;
    clock.now += 1_000_000;
    await put();
    const error = await rejection(put());
    assert.ok(error instanceof LaneLimitError);
    assert.deepEqual([error.limit, error.value, error.maximum], ["WORK_PER_HOUR", 3 * amount, 2 * amount]);
    assert.equal(error.retryAfterMs, 2_600_000, "then the first is an hour old");
    await put("b");
    await queue.requestCancel(first);
    await put();
    clock.now += 3_600_000;
    const { generation, token } = await claim(backend);
    await work.complete(generation.id, token, RESULT);
    await put();
    await generations.delete(generation.id);
    await put();
    assert.ok(await rejection(put()) instanceof LaneLimitError, "deleting what was painted gives nothing back");
    const never = await rejection(queue.enqueue(requestFor("a"), { lane: "c", limits: { maxWorkPerHour: 1 } }));
    assert.ok(never instanceof LaneLimitError && never.retryAfterMs === null);
  });

  test("an idempotency key stands for a generation of its owner", async (backend) => {
    const { queue, generations } = backend;
    const put = async (owner: string | null, prompt: string) =>
      (await queue.enqueue(requestFor(prompt), { ...under("k"), owner })).generation.id;
    const ids = [await put("ann", "a"), await put("ben", "b"), await put(null, "c")];
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual([await put("ann", "a"), await put("ben", "b"), await put(null, "c")], ids);
    const found = await Promise.all(
      ["ann", "ben", null].map((owner) => generations.findByKey(under("k").idempotency, owner)),
    );
    assert.deepEqual(found.map((g) => g?.id), ids);
    assert.equal(await generations.findByKey(under("k").idempotency, "eve"), null);
    assert.deepEqual((await generations.list({ first: 9, owner: "ann" })).items.map((g) => g.id), [ids[0]]);
    assert.ok(
      await rejection(generations.list({ first: 9, owner: "ann", after: ids[1] ?? "" })) instanceof InvalidInputError,
    );
  });

  test("a finished generation can be deleted, with its events and its key", async (backend) => {
    const { queue, work, generations, events } = backend;
    for (const status of ["QUEUED", "RUNNING", "CANCELING"] as const) {
      const { id, token } = await bring(backend, status);
      assert.equal(await generations.delete(id), "NOT_FINISHED", status);
      await queue.requestCancel(id);
      if (status !== "QUEUED") await work.release(id, token, "the worker stopped");
    }
    const { generation: { id } } = await queue.enqueue(requestFor("k"), under("k"));
    const { token } = await claim(backend);
    await work.complete(id, token, RESULT);
    assert.equal(await generations.delete(id), "DELETED");
    assert.equal(await generations.delete(id), "NOT_FOUND");
    assert.equal(await generations.get(id), null);
    assert.deepEqual(await events.read(id, 0), []);
    assert.notEqual((await queue.enqueue(requestFor("other"), under("k"))).generation.id, id);
  });

  test("the outlook has what waits in the order in which it is then claimed, and what is being painted", async (backend) => {
    const { queue, work } = backend;
    const running = await bring(backend, "RUNNING");
    await work.progress(running.id, running.token, { step: 1, etaMs: 700, preview: null });
    const enqueue = (lane: string, priority: number, model: string, amount?: number) =>
      queue.enqueue({ ...requestFor(lane), model }, {
        lane,
        priority,
        ...amount !== undefined && { work: amount },
      });
    for (let i = 0; i < 4; i++) await enqueue("a", i % 2, "m", 10 * i);
    await enqueue("b", 0, "n");
    await enqueue("b", 0, "m", 7.5);
    const claimed = await work.claim("w", 60_000); // of lane a, which is behind the others then
    await enqueue("c", 0, "m", 1);
    const { waiting, running: held } = await queue.outlook();
    assert.deepEqual(held.map(({ id }) => id).sort(), [running.id, claimed?.generation.id].sort());
    assert.equal(held.find(({ id }) => id === running.id)?.etaMs, 700);
    const order: string[] = [];
    for (let claim = await work.claim("w", 60_000); claim !== null; claim = await work.claim("w", 60_000)) {
      order.push(claim.generation.id);
    }
    assert.deepEqual(waiting.map(({ id }) => id), order);
    assert.deepEqual(waiting.map(({ model, work }) => [model, work]), [
      ["n", null],
      ["m", 1],
      ["m", 30],
      ["m", 7.5],
      ["m", 0],
      ["m", 20],
    ]);
  });

  test("stats and counts", async (backend) => {
    await bring(backend, "SUCCEEDED");
    await bring(backend, "CANCELING");
    await bring(backend, "RUNNING");
    await bring(backend, "QUEUED");
    assert.deepEqual(await backend.queue.stats(), { queued: 1, running: 2 });
    assert.equal(await countOf(backend.generations), 4);
    assert.equal(await countOf(backend.generations, "SUCCEEDED"), 1);
    assert.equal(await countOf(backend.generations, "FAILED"), 0);
  });

  test("lists are newest first, in pages that join, also while generations arrive", async (backend) => {
    const { generations } = backend;
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await enqueue(backend, `${i}`));

    const first = await generations.list({ first: 2 });
    assert.deepEqual([first.items.map((g) => g.id), first.hasNextPage], [ids.slice(0, 2), true]);
    await enqueue(backend, "newer");
    const rest = await generations.list({ first: 3, after: ids[1] ?? "" });
    assert.deepEqual([rest.items.map((g) => g.id), rest.hasNextPage], [ids.slice(2), false]);

    await claim(backend);
    const running = await generations.list({ first: 9, status: "RUNNING" });
    assert.deepEqual([running.items.map((g) => g.id), running.hasNextPage], [[ids[4]], false]);
    assert.ok(await rejection(generations.list({ first: 0 })) instanceof InvalidInputError);
    assert.ok(await rejection(generations.list({ first: 1, after: "nobody" })) instanceof InvalidInputError);
  });

  test("waiting for work ends at once when there is some, on arrival, on requeue and on abort", async (backend) => {
    const { work } = backend;
    const { signal } = new AbortController();
    const { id, token } = await bring(backend, "RUNNING");

    const released = work.waitForWork(signal);
    await work.release(id, token, "shutting down");
    await released;
    await work.waitForWork(signal);

    await claim(backend);
    const recovered = work.waitForWork(signal);
    await work.recover({ allLeases: true });
    await recovered;

    await claim(backend);
    const arrived = work.waitForWork(signal);
    await enqueue(backend, "b");
    await arrived;

    await claim(backend);
    const stop = new AbortController();
    const aborted = work.waitForWork(stop.signal);
    stop.abort();
    await aborted;
    await work.waitForWork(stop.signal);
  }, { pollMs: 600_000 });

  test("waiting for work ends at the poll interval", async ({ work }) => {
    await work.waitForWork(new AbortController().signal);
  }, { pollMs: 5 });

  test("everything is there after a restart, and nothing is left running", async (backend) => {
    const ids = {} as Record<GenerationStatus, string>;
    for (const status of ["SUCCEEDED", "FAILED", "CANCELED", "CANCELING", "RUNNING", "QUEUED"] as const) {
      ids[status] = (await bring(backend, status)).id;
    }
    const before = (await backend.generations.list({ first: 99 })).items;
    const told = await backend.events.read(ids.SUCCEEDED, 0);
    await backend.reopen();
    await lose(backend);

    const { generations } = backend;
    const after = new Map((await generations.list({ first: 99 })).items.map((g) => [g.id, g]));
    assert.equal(after.size, before.length);
    for (const status of ["SUCCEEDED", "FAILED", "CANCELED", "QUEUED"] as const) {
      assert.deepEqual(after.get(ids[status]), before.find((g) => g.id === ids[status]));
    }
    assert.equal(after.get(ids.RUNNING)?.status, "QUEUED");
    assert.equal(after.get(ids.CANCELING)?.status, "CANCELED");
    assert.deepEqual(await backend.events.read(ids.SUCCEEDED, 0), told);
  });

  test("a status is durable before a follower hears of it", async (backend) => {
    const { work, generations, events } = backend;
    const id = await enqueue(backend);
    const seen: (string | undefined)[] = [];
    const follower = (async () => {
      for await (const event of events.follow(id, 0, new AbortController().signal)) {
        if (event.type === "COMPLETED") seen.push((await generations.get(id))?.status);
      }
    })();
    const { token } = await claim(backend);
    await work.complete(id, token, RESULT);
    await follower;
    assert.deepEqual(seen, ["SUCCEEDED"]);
  });
}
