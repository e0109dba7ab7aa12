/** The queue as a few arrays say what it is, and commands that do the same to it and to a backend. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { LeaseLostError } from "../../jobs/errors.ts";
import { type GenerationStatus, isTerminal } from "../../jobs/generation.ts";
import type { Claim } from "../../jobs/work_queue.ts";
import { type Backend, countOf, type OpenBackend } from "./backend.ts";
import { PICTURE, preview, requestFor } from "./requests.ts";

const LEASE_MS = 1000;
const MAX_ATTEMPTS = 3;

/** The model of most jobs, and that of others. */
const OWN = requestFor("a").model;
const OTHER = "another";

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

interface Job {
  readonly id: string;
  readonly lane: string;
  readonly priority: number;
  readonly expiresAt: number | null;
  /** By default that of {@link requestFor}. */
  readonly model?: string;
  status: GenerationStatus;
  attempts: number;
  /** While a worker holds it. */
  lease: { readonly token: number; until: number } | null;
}

/** What must be so. */
class Model {
  /** In the order of their arrival. */
  readonly jobs: Job[] = [];
  /** Every claim that was ever made. */
  readonly claims: { readonly id: string; readonly token: number }[] = [];
  /** The token of the latest claim, by lane; none for lanes that were never served, or whose turn was given back. */
  readonly turns = new Map<string, number>();

  job(id: string): Job {
    return this.jobs.find((job) => job.id === id) ?? assert.fail(`nobody enqueued ${id}`);
  }

  /** The jobs that wait, of some models or any, in the order in which they would be claimed: each lane in turn, its best first. */
  waiting(models?: readonly string[]): readonly Job[] {
    const queued = this.jobs.filter(({ status, model = OWN }) =>
      status === "QUEUED" && (models?.includes(model) ?? true)
    );
    const lanes = Map.groupBy(queued, ({ lane }) => lane);
    const queues = [...lanes.values()].map((jobs) => jobs.toSorted((a, b) => b.priority - a.priority));
    const turns = new Map(this.turns);
    const order: Job[] = [];
    while (queues.some((queue) => queue.length > 0)) {
      const heads = queues.flatMap((queue) => queue.slice(0, 1));
      const rank = ({ lane }: Job) => turns.get(lane) ?? 0;
      heads.sort((a, b) => rank(a) - rank(b) || this.jobs.indexOf(a) - this.jobs.indexOf(b));
      const [next] = heads;
      if (next === undefined) break;
      order.push(next);
      queues.find((queue) => queue[0] === next)?.shift();
      turns.set(next.lane, 1e15 + order.length); // behind every token, and exact
    }
    return order;
  }

  expire(now: number): readonly string[] {
    const late = this.jobs.filter((job) => job.status === "QUEUED" && job.expiresAt !== null && job.expiresAt <= now);
    for (const job of late) job.status = "EXPIRED";
    return late.map(({ id }) => id);
  }

  /** What a claim does that was answered so. */
  claimed(claim: Claim | null, now: number, models?: readonly string[]): void {
    this.expire(now);
    const [next] = this.waiting(models);
    assert.equal(claim?.generation.id, next?.id, "the next in turn is claimed");
    if (claim === null || next === undefined) return;
    const { token } = claim;
    assert.ok(this.claims.every((earlier) => earlier.token < token), "tokens only grow");
    next.attempts++;
    assert.equal(claim.generation.attempts, next.attempts);
    next.status = "RUNNING";
    next.lease = { token, until: now + LEASE_MS };
    this.turns.set(next.lane, token);
    this.claims.push({ id: next.id, token });
  }

  end(job: Job, status: GenerationStatus): void {
    job.status = status;
    job.lease = null;
  }

  /** Back to where it came from; its lane is next. */
  requeue(job: Job): void {
    this.end(job, "QUEUED");
    this.turns.delete(job.lane);
  }

  recover(now: number): void {
    for (const job of this.jobs) {
      if (job.lease === null || job.lease.until > now) continue;
      if (job.status === "CANCELING") this.end(job, "CANCELED");
      else if (job.attempts >= MAX_ATTEMPTS) this.end(job, "FAILED");
      else this.requeue(job);
    }
  }
}

type Command = fc.AsyncCommand<Model, Backend>;

function command(name: string, run: (model: Model, backend: Backend) => Promise<unknown>): Command {
  return { check: () => true, run: async (model, backend) => void await run(model, backend), toString: () => name };
}

/** Something that a worker does with a claim, late ones mostly: early ones are stale. */
function asHolder(
  name: string,
  act: (work: Backend["work"], id: string, token: number) => Promise<unknown>,
  then: (model: Model, job: Job, now: number) => void,
): fc.Arbitrary<Command> {
  return fc.nat(3).map((pick) =>
    command(`${name} ${pick}`, async (model, { work, clock }) => {
      const claim = model.claims.at(-1 - pick);
      if (claim === undefined) return;
      const job = model.job(claim.id);
      const lost = await act(work, claim.id, claim.token).then((held) => held === false, (error: unknown) => {
        if (error instanceof LeaseLostError) return true;
        throw error;
      });
      assert.equal(lost, job.lease?.token !== claim.token, "only the current token counts");
      if (!lost) then(model, job, clock.now);
    })
  );
}

const CANCEL: Partial<Record<GenerationStatus, readonly [outcome: string, after: GenerationStatus]>> = {
  QUEUED: ["CANCELED", "CANCELED"],
  RUNNING: ["CANCELING", "CANCELING"],
  CANCELING: ["CANCELING", "CANCELING"],
  CANCELED: ["CANCELED", "CANCELED"],
};

const COMMANDS: readonly fc.Arbitrary<Command>[] = [
  fc.record({ lane: fc.constantFrom("", "a", "b"), priority: fc.nat(2), patience: fc.option(fc.nat(1500)) }).map((
    { lane, priority, patience },
  ) =>
    command(`enqueue in "${lane}", priority ${priority}, for ${patience} ms`, async (model, { queue, clock }) => {
      const expiresAt = patience === null ? null : clock.now + patience;
      const options = { lane, priority, ...(patience === null ? {} : { expiresAfterMs: patience }) };
      const { generation: { id } } = await queue.enqueue(requestFor("a"), options);
      model.jobs.push({ id, lane, priority, expiresAt, status: "QUEUED", attempts: 0, lease: null });
    })
  ),
  fc.constant(command("claim", async (model, { work, clock }) => {
    model.claimed(await work.claim("worker", LEASE_MS), clock.now);
  })),
  fc.record({ lane: fc.constantFrom("", "a", "b"), priority: fc.nat(2) }).map(({ lane, priority }) =>
    command(`enqueue of another model in "${lane}", priority ${priority}`, async (model, { queue }) => {
      const { generation: { id } } = await queue.enqueue({ ...requestFor("a"), model: OTHER }, { lane, priority });
      const waits = { status: "QUEUED", attempts: 0, lease: null } as const;
      model.jobs.push({ id, lane, priority, expiresAt: null, model: OTHER, ...waits });
    })
  ),
  fc.constantFrom([], [OWN], [OTHER], [OTHER, OWN]).map((models) =>
    command(`claim of ${models.join(" or ") || "nothing"}`, async (model, { work, clock }) => {
      if (models.length > 0) return model.claimed(await work.claim("worker", LEASE_MS, { models }), clock.now, models);
      assert.equal(await work.claim("worker", LEASE_MS, { models }), null);
    })
  ),
  fc.constant(command("three claims at once", async (model, { work, clock }) => {
    const claims = await Promise.all(["a", "b", "c"].map((worker) => work.claim(worker, LEASE_MS)));
    const rank = (claim: Claim | null) => claim?.token ?? Infinity;
    for (const claim of claims.sort((a, b) => rank(a) - rank(b))) model.claimed(claim, clock.now);
  })),
  fc.nat(8).map((pick) =>
    command(`cancel ${pick}`, async (model, { queue }) => {
      const job = model.jobs.at(-1 - pick);
      const [outcome, after] = job === undefined
        ? ["NOT_FOUND", undefined]
        : CANCEL[job.status] ?? ["ALREADY_FINISHED", job.status];
      assert.equal(await queue.requestCancel(job?.id ?? "nobody"), outcome);
      if (job !== undefined && after !== undefined) job.status = after;
    })
  ),
  asHolder("renew", (work, id, token) => work.renew(id, token, LEASE_MS), (_, job, now) => {
    if (job.lease !== null) job.lease.until = now + LEASE_MS;
  }),
  asHolder(
    "begin",
    (work, id, token) => work.begin(id, token, { step: 1, reason: "continues after step 1 of 20" }),
    () => {},
  ),
  asHolder(
    "progress",
    (work, id, token) => work.progress(id, token, { step: 1, etaMs: 10, preview: preview(2, 2) }),
    () => {},
  ),
  asHolder(
    "complete",
    (work, id, token) => work.complete(id, token, { image: PICTURE, metrics: null }),
    (model, job) => model.end(job, "SUCCEEDED"),
  ),
  asHolder(
    "fail",
    (work, id, token) => work.fail(id, token, { code: "BROKEN", message: "broken" }),
    (model, job) => model.end(job, "FAILED"),
  ),
  asHolder("release", (work, id, token) => work.release(id, token, "shutting down"), (model, job) => {
    if (job.status === "CANCELING") return model.end(job, "CANCELED");
    job.attempts--;
    model.requeue(job);
  }),
  fc.constant(command("expire", async (model, { queue, clock }) => {
    assert.deepEqual(await queue.expire(), model.expire(clock.now));
  })),
  fc.constant(command("recover", async (model, { work, clock }) => {
    await work.recover();
    model.recover(clock.now);
  })),
  fc.constant(command("600 ms pass", (_, { clock }) => Promise.resolve(clock.now += 600))),
  fc.constant(command("reopen", async (model, backend) => {
    await backend.reopen();
    model.recover(backend.alone ? Infinity : backend.clock.now);
  })),
  fc.constant(command("look", look)),
];

/** Everything that can be seen of the queue is as the model has it, and every log tells a story that may happen. */
async function look(model: Model, { queue, generations, events }: Backend): Promise<void> {
  assert.equal(await countOf(generations), model.jobs.length);
  for (const { id, status, attempts } of model.jobs) {
    const generation = await generations.get(id);
    assert.deepEqual([generation?.status, generation?.attempts], [status, attempts]);
    assert.equal(generation?.completedAt !== null, isTerminal(status));
    assert.equal(generation?.error !== null, status === "FAILED");
    assert.equal(generation?.image !== null, status === "SUCCEEDED");

    const log = await events.read(id, 0);
    assert.deepEqual(log.map((e) => e.sequence), log.map((_, i) => i + 1), "sequences are dense");
    let last: GenerationStatus | null = null;
    for (const event of log) {
      if (event.type !== "STATUS") continue;
      // How an attempt begins is told with the status that it has.
      if (event.status === last && event.reason !== null) continue;
      assert.ok(LEGAL.get(last)?.includes(event.status), `${last} -> ${event.status}`);
      last = event.status;
    }
    assert.equal(last, status, "the record and the log agree");
    const ends = log.flatMap((event) => event.type === "COMPLETED" ? [event.status] : []);
    assert.deepEqual(ends, isTerminal(status) ? [status] : []);
    assert.equal(log.at(-1)?.type === "COMPLETED", isTerminal(status), "COMPLETED is last");
  }
  const order = model.waiting();
  const { waiting } = await queue.outlook();
  assert.deepEqual(waiting.map(({ id }) => id), order.map(({ id }) => id));
  const positions = await Promise.all(model.jobs.map(({ id }) => queue.position(id)));
  assert.deepEqual(positions, model.jobs.map((job) => order.includes(job) ? order.indexOf(job) : null));
}

/** Registers the test for one backend. */
export function queueModelTest(name: string, open: OpenBackend, numRuns: number): void {
  Deno.test(`${name} queue: does what the model does, whatever is done to it in whatever order`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands([...COMMANDS], { maxCommands: 60, size: "max" }), async (commands) => {
        await using real = await open({ sync: false, maxAttempts: MAX_ATTEMPTS });
        const model = new Model();
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await look(model, real);
      }),
      { numRuns, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
  });
}
