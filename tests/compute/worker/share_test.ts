/** Two compute Workers at one picture: it is the one that either paints alone, whatever becomes of the other. */

import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Aides, Share, SharedCall } from "../../../compute/pipeline/shared_calls.ts";
import { Compute, type GenerateOptions, type GenerationOutcome } from "../../../compute/worker/compute.ts";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { copy } from "../../copy_folder.ts";
import { requestFor } from "../../jobs/requests.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const REQUEST: GenerationRequest = { ...requestFor("a fox"), model: "m", width: 64, height: 64, steps: 6 };

/** Half of each call is given to a share. */
class Halves implements Aides {
  readonly present = new Int32Array(new SharedArrayBuffer(4)).fill(1);
  /** What was given, and how much of it came back. */
  readonly calls: SharedCall[] = [];
  made = 0;
  readonly #under = new Map<number, Promise<readonly Float32Array[]>>();

  constructor(private readonly shareOf: () => Promise<Share> | Share) {}

  async share(call: SharedCall, count: number): Promise<readonly number[]> {
    this.calls.push(call);
    assert.equal(count, 2, "one prediction with the prompts, one without");
    const share = await this.shareOf();
    const under = share.predict({ ...call, parts: [1] });
    under.catch(() => {}); // whoever collects it hears of it
    this.#under.set(call.id, under);
    return [1];
  }

  async collect(id: number): Promise<ReadonlyMap<number, Float32Array | null>> {
    const [prediction] = await this.#under.get(id) ?? [];
    this.made++;
    return new Map([[1, prediction ?? null]]);
  }
}

const models = Deno.makeTempDirSync({ prefix: "parterre-test-" });
for (const name of ["m", "n"]) copy(join(FIXTURES, "tiny-sd15"), join(models, name));
const start = () => Compute.start({ modelsFolder: models, threads: 1 });
let painter: Compute, other: Compute;
let alone: Uint8Array;
Deno.test.beforeAll(async () => {
  painter = await start();
  other = await start();
  alone = picture(await painter.generate(REQUEST));
});
Deno.test.afterAll(() => {
  painter.close();
  other.close();
  Deno.removeSync(models, { recursive: true });
});

function picture(outcome: GenerationOutcome): Uint8Array {
  assert.equal(outcome.type, "IMAGE", JSON.stringify(outcome));
  return outcome.image.data;
}

/** Paints, and compares the picture with that of one Worker. */
async function same(aides: Aides, options: GenerateOptions = {}): Promise<void> {
  const painted = picture(await painter.generate(REQUEST, { ...options, aides }));
  assert(painted.every((value, i) => value === alone[i]) && painted.length === alone.length);
}

Deno.test("two Workers paint the picture of one", async () => {
  const share = await other.openShare(REQUEST);
  const aides = new Halves(() => share);
  await same(aides);
  assert.deepEqual(aides.calls.map(({ id, pass, call }) => [id, pass, call]), [0, 1, 2, 3, 4, 5].map((i) => [i, 0, i]));
  assert.equal(aides.made, 6);
  share.close();
});

Deno.test("whatever goes wrong at the aide, the picture comes, and the aide learns why", async () => {
  const lost: string[] = [];
  const failing = (when: number, trouble: (share: Share) => unknown) => {
    const opened = other.openShare(REQUEST);
    const aides: Halves = new Halves(async () => {
      const share = await opened;
      if (aides.calls.length === when) await trouble(share);
      return {
        ...share,
        predict: (call) =>
          share.predict(call).catch((error) => {
            lost.push(error.code);
            throw error;
          }),
      };
    });
    return aides;
  };
  const cases: readonly ((share: Share) => unknown)[] = [
    (share) => share.close(),
    () => utimesSync(join(models, "m", "tokenizer", "tokenizer.json"), 1, lost.length + 1),
    () => other.openShare({ ...REQUEST, model: "n" }).then((share) => share.close()),
  ];
  const expected = ["CLOSED", "LOST", null];
  for (const [i, trouble] of cases.entries()) {
    lost.length = 0;
    await same(failing(3, trouble));
    assert.deepEqual([...new Set(lost)], expected[i] === null ? [] : [expected[i]], `${i}`);
  }
  await same(new Halves(() => Promise.reject(new Error("nobody is there any more"))));
  // Its process is gone.
  const dying = await start();
  const gone = await dying.openShare(REQUEST);
  const aides = new Halves(() => gone);
  await same(aides, { onStep: ({ step }) => step === 2 && dying.close() });
  assert(aides.made < 6);
  await assert.rejects(
    gone.predict({ id: 0, pass: 0, call: 0, sample: { dims: [], data: new Float32Array() }, parts: [] }),
    {
      name: "ShareError",
      code: "LOST",
    },
  );
  await assert.rejects(dying.openShare(REQUEST), { name: "ShareError", code: "LOST" });
  gone.close();
});

Deno.test("what cannot be shared is refused with a typed error", async () => {
  const lora = { ...REQUEST, loras: [{ name: "none", weight: 1 }] };
  await assert.rejects(other.openShare(lora), { name: "ShareError", code: "FAILED", message: /none/ });
  await assert.rejects(other.openShare({ ...REQUEST, model: "none" }), { name: "ShareError", code: "FAILED" });
  const share = await other.openShare(REQUEST);
  const call = { id: 0, pass: 1, call: 0, sample: { dims: [1], data: new Float32Array(1) }, parts: [0] } as const;
  await assert.rejects(share.predict(call), { name: "ShareError", code: "NOT_SHAREABLE", message: /pass 1/ });
  share.close();
  share.close();
  await assert.rejects(share.predict({ ...call, pass: 0 }), { name: "ShareError", code: "CLOSED" });
});

Deno.test("a shared picture is canceled, and drained to a checkpoint that goes on alone", async () => {
  const share = await other.openShare(REQUEST);
  const cancel = new AbortController(), drain = new AbortController();
  const canceled = await painter.generate(REQUEST, {
    aides: new Halves(() => share),
    signal: cancel.signal,
    onStep: () => cancel.abort(),
  });
  assert.deepEqual(canceled, { type: "CANCELED" });
  const steps: number[] = [];
  const drained = await painter.generate(REQUEST, {
    aides: new Halves(() => share),
    drain: drain.signal,
    onStep: ({ step }) => steps.push(step) === 3 && drain.abort(),
  });
  assert(drained.type === "CANCELED" && drained.checkpoint !== undefined);
  assert(steps.length < 6);
  const continuation = { from: drained.checkpoint, everyMs: null };
  assert.deepEqual(picture(await other.generate(REQUEST, { continuation })), alone);
  await same(new Halves(() => share), { continuation });
  share.close();
});

Deno.test("what is done again, with a model that changed on the way, is done alone", async () => {
  const secondPass = { scale: 2, upscale: "pixel", strength: 0.5, steps: 4 } as const;
  const request = { ...REQUEST, model: "n", width: 32, height: 32, steps: 3, secondPass };
  const expected = picture(await other.generate(request));
  const share = await other.openShare(request);
  const aides = new Halves(() => {
    // The painter reads it when its second pass begins.
    utimesSync(join(models, "n", "vae_encoder", "model.onnx"), 1, 1);
    return share;
  });
  const steps: number[] = [];
  const outcome = await painter.generate(request, { aides, onStep: ({ step }) => steps.push(step) });
  assert.deepEqual(picture(outcome), expected);
  assert.deepEqual(steps, [1, 2, 3, 1, 2, 3, 4, 5]);
  assert.equal(aides.calls.length, 3, "those of its first pass");
  share.close();
});
