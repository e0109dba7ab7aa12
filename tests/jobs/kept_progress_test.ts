/** Generations that are gone on with by another worker: which steps it takes, what it says, and that the bytes are the same. */

import assert from "node:assert/strict";
import { type PictureCheckpoint, unpackPicture } from "../../compute/worker/picture_checkpoint.ts";
import { packed } from "../../compute/pipeline/checkpoint.ts";
import { forgetEnded } from "../../jobs/checkpoints.ts";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { sealed, unsealed } from "../../jobs/sealed.ts";
import { failing, full, inWorkshop, REQUEST, statusesOf, type Workshop } from "./workshop.ts";

/** Two pictures, of a sampler that remembers and draws noise. */
const STEPS = 8, COUNT = 2, ALL = STEPS * COUNT;
const ONE: GenerationRequest = { ...REQUEST, model: "tiny-sd15", width: 64, height: 64, steps: STEPS };
const TWO: GenerationRequest = { ...ONE, count: COUNT, sampler: "dpmpp-2m-sde" };

/** The files that a generation came to, and what was told of it. */
async function finished({ store, follow }: Workshop, id: string) {
  const events = await follow(id);
  const { status, image, moreImages = [], step, metrics } = await store.generations.get(id) ?? {};
  assert.equal(status, "SUCCEEDED");
  return { files: [image, ...moreImages].map((image) => image?.sha256), events, step, metrics };
}

const reasonsOf = (events: readonly GenerationEvent[]) =>
  events.flatMap((event) => event.type === "STATUS" && event.reason !== null ? [event.reason] : []);

/** Steps only go back after a status said so; sequences grow by one. */
function checkOrder(events: readonly GenerationEvent[]): void {
  let last = 0;
  for (const [i, event] of events.entries()) {
    assert.equal(event.sequence, i + 1);
    if (event.type === "STATUS") last = 0;
    if (event.type !== "PROGRESS") continue;
    assert(event.step > last, `${event.step} after ${last}`);
    last = event.step;
  }
}

/** Paints a request in one go, and once more with a worker that shuts down after a step, and another after that. */
async function inTwoAttempts(
  request: GenerationRequest,
  leaveAfter: number,
  between: (workshop: Workshop, id: string) => Promise<void> = async () => {},
) {
  let leave = () => {};
  const result: { whole?: Awaited<ReturnType<typeof finished>>; parts?: typeof result.whole; steps?: number[] } = {};
  await inWorkshop(async (workshop) => {
    const { store, steps, work } = workshop;
    const alone = work();
    result.whole = await finished(workshop, (await store.queue.enqueue(request)).generation.id);
    await alone.end();
    let id = "", taken = 0;
    // A busy machine may be told too late, and come to the end.
    for (let tries = 0; (await store.generations.get(id))?.status !== "QUEUED"; tries++) {
      assert(tries < 10, "it is always done before it can be left");
      id = (await store.queue.enqueue(request)).generation.id;
      taken = steps.length;
      const left = Promise.withResolvers<void>();
      leave = () => steps.length - taken === leaveAfter && left.resolve();
      const first = work();
      await left.promise;
      await first.end();
    }
    assert.deepEqual(await store.checkpoints.ids(), [id]);
    await between(workshop, id);
    work();
    result.parts = await finished(workshop, id);
    result.steps = steps.slice(taken);
    while ((await store.checkpoints.ids()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }, () => leave());
  const { whole, parts, steps } = result;
  assert(whole && parts && steps);
  assert.deepEqual(parts.files, whole.files, "the same bytes");
  checkOrder(parts.events);
  return { ...parts, steps, whole };
}

const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

// A shutdown is heard after the step in which it comes, or after the next one.
for (const leaveAfter of [2, STEPS - 1, STEPS + 2]) {
  Deno.test(`a worker that shuts down after step ${leaveAfter} of ${ALL} leaves what another goes on from`, async () => {
    const { steps, events, step, metrics, whole } = await inTwoAttempts(TWO, leaveAfter);
    assert.deepEqual(steps, numbers(1, ALL), "no step is taken twice");
    const [, last = ""] = reasonsOf(events);
    const [, from] = /^continues after step (\d+) of 16$/.exec(last) ?? [];
    assert(Number(from) >= leaveAfter && Number(from) <= leaveAfter + 2, last);
    assert.deepEqual(statusesOf(events), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"]);
    assert.equal(step, ALL);
    assert.deepEqual(metrics?.["attention"], whole.metrics?.["attention"]);
    assert(Number(metrics?.["denoiseMs"]) > 0);
  });
}

/** Rewrites every file that is kept of a generation. */
async function rewrite(
  { store: { checkpoints } }: Workshop,
  id: string,
  change: (bytes: Uint8Array, name: string) => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
  for (const [name, bytes] of await checkpoints.latest(id)) {
    await checkpoints.save(id, 1e6, name, await change(bytes, name));
  }
}

const OTHERS = {
  version: /begins anew: of a checkpoint, it was made with version 0\.0\.1, and here is \d/,
  provider: /begins anew: of a checkpoint, it was made with provider 0\.0\.1, and here is wasm/,
  threads: /with threads 0\.0\.1, and here is 1$/,
  engine: /with engine/,
  model: /with model 0\.0\.1, and here is [0-9a-f]{12}$/,
  request: /with request/,
  format: /with format/,
  "lora another": /with lora another 0\.0\.1, and here is unknown$/,
};

Deno.test("a checkpoint of anything else is not gone on from, and the events say why", async () => {
  for (const [name, expected] of Object.entries(OTHERS)) {
    const { steps, events } = await inTwoAttempts(
      { ...REQUEST, steps: 8 },
      2,
      (workshop, id) =>
        rewrite(workshop, id, async (bytes) => {
          const kept = await unsealed(bytes) as { readonly stamp: object };
          return await sealed({ ...kept, stamp: { ...kept.stamp, [name]: "0.0.1" } });
        }),
    );
    assert.match(reasonsOf(events).at(-1) ?? "", expected);
    assert.deepEqual(steps.slice(-8), numbers(1, 8));
    assert(steps.length > 8);
  }
});

Deno.test("a checkpoint with changed bytes, a part of one, and an empty file are not gone on from either", async () => {
  const damages: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1),
    (bytes) => bytes.slice(0, bytes.length >> 1),
    () => new Uint8Array(),
  ];
  for (const damage of damages) {
    const { steps, events } = await inTwoAttempts(
      { ...REQUEST, steps: 8 },
      2,
      (workshop, id) => rewrite(workshop, id, damage),
    );
    assert.equal(reasonsOf(events).at(-1), "begins anew: of a checkpoint, it is damaged");
    assert.deepEqual(steps.slice(-8), numbers(1, 8));
  }
});

Deno.test("where only the state is damaged, pictures that are done are not painted again", async () => {
  const { steps, events } = await inTwoAttempts(
    TWO,
    STEPS + 2,
    (workshop, id) => rewrite(workshop, id, (bytes, name) => name === "state" ? bytes.slice(1) : bytes),
  );
  assert.equal(reasonsOf(events).at(-1), "continues after step 8 of 16: of a checkpoint, it is damaged");
  assert.deepEqual(steps.slice(-STEPS), numbers(STEPS + 1, ALL));
});

Deno.test("a picture that is gone on with may come before others that are not done", async () => {
  const { events } = await inTwoAttempts(TWO, STEPS + 2, async ({ store: { checkpoints } }, id) => {
    const kept = await checkpoints.latest(id);
    await checkpoints.forget(id);
    for (const [name, bytes] of kept) if (name !== "picture-0") await checkpoints.save(id, 1, name, bytes);
  });
  const [, step] = /^continues after step (\d) of 16$/.exec(reasonsOf(events).at(-1) ?? "") ?? [];
  assert(Number(step) >= 2, reasonsOf(events).join());
});

/** Pictures whose seal is right, and which are not the request's. */
const OTHER_PICTURES: readonly ((picture: Record<string, unknown>) => unknown)[] = [
  () => null,
  (picture) => ({ ...picture, bytes: [1, 2] }),
  (picture) => ({ ...picture, width: 1e9 }),
  (picture) => ({ ...picture, format: "GIF" }),
  (picture) => ({ ...picture, timing: { loadMs: null } }),
];

Deno.test("a picture that was kept and is not the request's is painted again", async () => {
  for (const other of OTHER_PICTURES) {
    const { steps, events } = await inTwoAttempts(
      TWO,
      STEPS + 2,
      (workshop, id) =>
        rewrite(workshop, id, async (bytes, name) => {
          const kept = await unsealed(bytes) as { readonly picture: Record<string, unknown> };
          return name === "state" ? bytes : await sealed({ ...kept, picture: other(kept.picture) });
        }),
    );
    assert.equal(reasonsOf(events).at(-1), "begins anew: of a checkpoint, it holds no picture of the request");
    assert.deepEqual(steps.slice(-ALL), numbers(1, ALL));
  }
});

Deno.test("what cannot be used is not in the way of what is kept after it", () =>
  inWorkshop(async (workshop) => {
    const { store: { checkpoints, queue }, steps, work } = workshop;
    const { generation: { id } } = await queue.enqueue({ ...REQUEST, steps: 50 });
    await checkpoints.save(id, Number.MAX_SAFE_INTEGER, "state", await sealed({ stamp: {}, picture: 0 }));
    const first = work({ checkpointMs: 0 });
    while (steps.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    await first.end();
    const kept = await unsealed((await checkpoints.latest(id)).get("state") ?? new Uint8Array());
    assert.ok((kept as { readonly state?: unknown }).state instanceof Uint8Array);
  }));

/** States that say how far they are, and cannot be. */
const IMPOSSIBLE = [
  { completed: 1e9, reason: "it has more steps than the request" },
  ...[-1, 1.5, "2", null].map((completed) => ({ completed, reason: "it holds no picture" })),
];

for (const { completed, reason } of IMPOSSIBLE) {
  Deno.test(`a state of ${completed} completed steps is not gone on from`, async () => {
    const { steps, events } = await inTwoAttempts(
      { ...REQUEST, steps: 8 },
      2,
      (workshop, id) =>
        rewrite(workshop, id, async (bytes) => {
          const kept = await unsealed(bytes) as { readonly state: Uint8Array };
          const { by, state } = unpackPicture(kept.state);
          return await sealed({ ...kept, state: packed({ by, state: { ...state, completed } }) });
        }),
    );
    assert.equal(reasonsOf(events).at(-1), `begins anew: of a checkpoint, ${reason}`);
    assert.deepEqual(steps.slice(-8), numbers(1, 8));
  });
}

/** States whose seal is right, and which are absurd all the same. */
const ABSURD: readonly ((state: PictureCheckpoint["state"]) => object)[] = [
  (state) => ({ ...state, paths: [] }),
  (state) => ({ ...state, call: 1e9 }),
  (state) => ({ ...state, paths: state.paths.map((path) => ({ ...path, sample: null })) }),
  (state) => ({ ...state, paths: state.paths.map((path) => ({ ...path, memory: 5 })) }),
  (state) => ({ ...state, paths: state.paths.map((path) => ({ ...path, sample: path.sample.with(0, NaN) })) }),
  (state) => ({
    ...state,
    paths: [{ sample: state.paths[0]?.sample, memory: { last: [new Float32Array(3)] }, drawn: 9 }],
  }),
];

Deno.test("a state that turns out not to be the request's is passed over, and the steps say so", async () => {
  for (const absurd of ABSURD) {
    const { steps, events } = await inTwoAttempts(
      { ...REQUEST, model: "tiny-sd15", steps: 8, sampler: "dpmpp-2m-sde" },
      2,
      (workshop, id) =>
        rewrite(workshop, id, async (bytes) => {
          const kept = await unsealed(bytes) as { readonly state: Uint8Array };
          const { by, state }: PictureCheckpoint = unpackPicture(kept.state);
          return await sealed({ ...kept, state: packed({ by, state: absurd(state) }) });
        }),
    );
    assert.match(reasonsOf(events).at(-2) ?? "", /^continues after step/, String(absurd));
    assert.equal(reasonsOf(events).at(-1), "begins the picture anew: it could not be gone on with");
    assert.deepEqual(steps.slice(-8), numbers(1, 8));
  }
});

Deno.test("where checkpoints cannot be kept or read, the picture is painted all the same", () =>
  inWorkshop(async (workshop) => {
    const { store, steps, work } = workshop;
    let asked = 0;
    const checkpoints = failing(store.checkpoints, ["save", "latest", "forget"], () => (asked++, full()));
    work({ services: { checkpoints }, checkpointMs: 0 });
    const { events } = await finished(workshop, (await store.queue.enqueue({ ...REQUEST, steps: 8 })).generation.id);
    assert.deepEqual(steps, numbers(1, 8));
    assert(asked > 2, `${asked} calls failed`);
    assert.deepEqual(reasonsOf(events), ["begins anew: its checkpoints cannot be read"]);
  }));

Deno.test("checkpoints of what waits stay, and those of what has ended or is unknown go", () =>
  inWorkshop(async ({ store: { queue, generations, checkpoints } }) => {
    const { generation: waits } = await queue.enqueue(REQUEST);
    const { generation: ended } = await queue.enqueue(REQUEST);
    await queue.requestCancel(ended.id);
    const unknown = crypto.randomUUID();
    for (const id of [waits.id, ended.id, unknown]) await checkpoints.save(id, 1, "state", new Uint8Array(9));
    await forgetEnded(checkpoints, generations);
    assert.deepEqual(await checkpoints.ids(), [waits.id]);
  }));
