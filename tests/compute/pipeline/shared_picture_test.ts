/** Pictures whose predictions several make: they are the ones that one makes alone, bit for bit. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Pipeline } from "../../../compute/pipeline/generate.ts";
import type { GenerationOutput } from "../../../compute/pipeline/generation_output.ts";
import { PartExchanges } from "../../../compute/pipeline/part_exchange.ts";
import type { PictureState } from "../../../compute/pipeline/picture_state.ts";
import type { PictureRequest } from "../../../compute/pipeline/request.ts";
import type { Aides, CallShare, SharedCall } from "../../../compute/pipeline/shared_calls.ts";
import type { SharedPicture } from "../../../compute/pipeline/shared_picture.ts";
import { PLAIN_LAYOUT } from "../../../layout/layout.ts";
import { half, images, pipelineOf, pipelinesOf, REQUEST, reroll, SCENES } from "./scenes.ts";

/** What becomes of the parts that were taken: all that an aide may send. */
type Answers = Map<number, Float32Array | null>;

/** Somebody who takes a part of a call where `takes` says so, and predicts it with another pipeline. */
class Aide implements Aides {
  readonly present = new Int32Array(new SharedArrayBuffer(4)).fill(1);
  /** How many parts each call had. */
  readonly asked: number[] = [];
  made = 0;
  readonly #answers = new Map<number, Answers>();

  constructor(
    private readonly picture: SharedPicture,
    private readonly takes: (part: number) => boolean,
    private readonly spoil: (answers: Answers) => void = () => {},
  ) {}

  async share(call: SharedCall, count: number): Promise<readonly number[]> {
    assert(count > 1 && !this.#answers.has(call.id), "an id names one call");
    const parts = Array.from({ length: count }, (_, part) => part).filter(this.takes);
    this.asked.push(count);
    // At once: in one thread there is one engine, which does one thing at a time.
    const predictions = await this.picture.predict({ ...structuredClone(call), parts }, () => false);
    this.made += parts.length;
    const answers: Answers = new Map(parts.map((part, i) => [part, predictions[i] ?? null]));
    this.spoil(answers);
    this.#answers.set(call.id, answers);
    return parts;
  }

  collect(id: number): Promise<Answers> {
    return Promise.resolve(this.#answers.get(id) ?? assert.fail("nothing was taken"));
  }
}

/** Everything that a picture tells, but for times: its states hold the samples, bit for bit. */
async function paint(
  pipeline: Pipeline,
  request: PictureRequest,
  aides: Aides | null,
  from: PictureState | null = null,
  onState: (state: PictureState, step: number) => void = () => {},
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  const exchanges = aides && new PartExchanges(aides);
  for await (const output of pipeline.generate(request, images, undefined, from, exchanges)) {
    if (output.type === "STEP" && output.state !== null) onState(output.state, output.step);
    all.push(timeless(output));
  }
  return all;
}

/** An output as it would be at any other time, with the hash of the bytes in the place of arrays. */
function timeless(output: GenerationOutput): unknown {
  const told = output.type === "IMAGE"
    ? { ...output, timing: null }
    : { ...output, stepMs: 0, previewMs: 0, state: output.state && { ...output.state, timing: null } };
  return hashed(told);
}

function hashed(value: unknown): unknown {
  if (value instanceof Float32Array || value instanceof Uint8Array) {
    return createHash("sha256").update(value).digest("hex").slice(0, 16);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hashed(part)]));
}

/** Some parts, at random, but for the first call's two: one of each. */
function someParts(): (part: number) => boolean {
  let asked = 0;
  return () => asked++ < 2 ? asked === 1 : Math.random() < 0.5;
}

/** Compares a picture that is shared at random with the same one painted alone, of which each call has 2 parts or more. */
async function compare(changes: Partial<PictureRequest>): Promise<void> {
  const request = { ...REQUEST, ...changes };
  const [painter, other] = pipelinesOf(request.model);
  const alone = await paint(painter, request, null);
  const aide = new Aide(other.share(request, images), someParts());
  const shared = await paint(painter, request, aide);
  const parts = aide.asked.reduce((sum, count) => sum + count, 0);
  assert(aide.made > 0 && aide.made < parts, `${aide.made} of ${parts} parts were made by the aide`);
  assert.deepEqual(shared, alone);
}

const mask = { kind: "MASK", asset: "picture", channel: "LUMINANCE", colour: null, inverted: false } as const;
const loras = [{ name: "kohya locon", weight: 0.8 }];
const layoutOf = (...regions: (typeof REQUEST)["layout"]["regions"]) => ({
  ...PLAIN_LAYOUT,
  basePrompt: "[a garden:a (wide:1.2) field:0.4]",
  regions,
});

/** A region that is found after 2 of 6 steps. */
const words = layoutOf(half("found", 0, { geometry: { kind: "WORDS", of: "garden", threshold: 0.5, from: "BASE" } }));

const MORE: Readonly<Record<string, Partial<PictureRequest>>> = {
  "guided attention": {},
  "two text encoders": { model: "tiny-sdxl" },
  "another's latents": { model: "tiny-sdxl", mode: "latent", sampler: "dpmpp-2m-sde" },
  "a region's LoRA": { layout: layoutOf(half("left", 0, { loras })) },
  "a region's LoRA, by its places": { layout: layoutOf(half("left", 0, { loras })), regionalLora: "WEIGHTED" },
  "a LoRA of the whole": { loras },
  "regions that come and go, and prompts that change": {
    layout: layoutOf(half("left", 0, { end: 0.5, negativePrompt: "blur" }), half("[cat|dog]", 0.5, { start: 0.3 })),
    guidanceStart: 0.2,
    steps: 7,
  },
  "words": { layout: words, steps: 6 },
  "words by windows, in two passes, re-rolled": {
    layout: words,
    mode: "latent",
    sampler: "dpmpp-2m",
    steps: 3,
    rerolls: [reroll("found", 7)],
    windows: { size: 48, overlap: 16 },
    secondPass: { scale: 2, upscale: "latent", strength: 0.5, steps: 2 },
  },
  "a painted mask, in latent mode by windows": {
    layout: layoutOf(half("left", 0), half("drawn", 0, { geometry: mask })),
    mode: "latent",
    width: 96,
    windows: { size: 64, overlap: 16 },
  },
};

const scenes = Object.entries(SCENES).map(([name, [changes]]) => [name, changes] as const);
for (const [name, changes] of [...Object.entries(MORE), ...scenes]) {
  Deno.test(`shared: ${name}`, () => compare(changes));
}

Deno.test("what is lost, cut short, too long or no prediction at all is computed by the painter", async () => {
  const [painter, other] = pipelinesOf(REQUEST.model);
  const alone = await paint(painter, REQUEST, null);
  const spoilers: readonly ((answers: Answers, own: Float32Array) => void)[] = [
    (answers) => answers.clear(),
    (answers) => answers.set(1, null),
    (answers, own) => answers.set(1, own.subarray(1)),
    (answers) => answers.set(1, new Float32Array(1 << 16)),
    (answers, own) => answers.set(1, [...own] as never),
    (answers, own) => answers.set(1, new Float64Array(own) as never),
    (answers, own) => answers.set(7, new Float32Array(3)).set(0, new Float32Array(own.length)),
  ];
  for (const [i, spoil] of spoilers.entries()) {
    const aide = new Aide(other.share(REQUEST, images), (part) => part === 1, (answers) => {
      spoil(answers, answers.get(1) ?? assert.fail());
    });
    assert.deepEqual(await paint(painter, REQUEST, aide), alone, `${i}`);
    assert.equal(aide.made, REQUEST.steps);
  }
  const aide = new Aide(other.share(REQUEST, images), () => false);
  aide.share = () => Promise.resolve([-1, 2, 0.5, NaN]);
  assert.deepEqual(await paint(painter, REQUEST, aide), alone, "parts that there are not");
});

Deno.test("nobody is asked where nobody is present, or of a single prediction", async () => {
  const [painter, other] = pipelinesOf(REQUEST.model);
  const refuse = { share: () => assert.fail("asked"), collect: () => assert.fail("asked") };
  for (const [request, present] of [[REQUEST, 0], [{ ...REQUEST, guidanceScale: 1 }, 1]] as const) {
    const aides = { ...refuse, present: new Int32Array(new SharedArrayBuffer(4)).fill(present) };
    assert.deepEqual(await paint(painter, request, aides), await paint(painter, request, null));
  }
  const late = new Aide(other.share(REQUEST, images), () => true);
  late.present[0] = 0;
  for await (const output of painter.generate(REQUEST, images, undefined, null, new PartExchanges(late))) {
    if (output.type === "STEP" && output.step === 3) late.present[0] = 1;
  }
  assert.deepEqual(late.asked, [2, 2], "who comes after the third of five steps is asked in the fourth and fifth");
});

Deno.test("words are looked for by the painter alone; with what it found others go on", async () => {
  const [painter, other] = pipelinesOf(REQUEST.model);
  const request = { ...REQUEST, layout: words, steps: 6 };
  const aide = new Aide(other.share(request, images), (part) => part === 1);
  const found: (readonly string[] | undefined)[] = [];
  const share = aide.share.bind(aide);
  aide.share = (call, count) => {
    found.push(call.found?.map(({ name }) => name));
    return share(call, count);
  };
  const whole = await paint(painter, request, aide);
  assert.equal(found.length, 4, "two of six steps look for them");
  assert(found.every((names) => names?.length === 1), `${found}`);
  const without = new Aide(other.share(request, images), (part) => part === 0);
  const forget = without.share.bind(without);
  without.share = ({ found: _, ...call }, count) => forget(call, count);
  assert.notDeepEqual(await paint(painter, request, without), whole, "what was found matters to the prediction");
});

Deno.test("a shared picture goes on alone from any step, and one that was painted alone goes on shared", async () => {
  const [painter, other] = pipelinesOf(REQUEST.model);
  const secondPass = { scale: 2, upscale: "latent", strength: 0.6, steps: 5 } as const;
  const request = { ...REQUEST, secondPass, rerolls: [reroll("right", 7)], width: 32, height: 32, sampler: "unipc" };
  const aides = () => new Aide(other.share(request, images), someParts());
  const states = { alone: new Map<number, PictureState>(), shared: new Map<number, PictureState>() };
  const whole = await paint(painter, request, null, null, (state, step) => states.alone.set(step, state));
  await paint(painter, request, aides(), null, (state, step) => states.shared.set(step, state));
  for (const step of [2, 5, 6]) {
    const rest = whole.slice(step);
    assert.deepEqual(await paint(other, request, null, states.shared.get(step)), rest, `${step}: alone`);
    assert.deepEqual(await paint(painter, request, aides(), states.alone.get(step)), rest, `${step}: shared`);
  }
});

Deno.test("an aide refuses what the request has not, and stops between parts", async () => {
  const [, other] = pipelinesOf(REQUEST.model);
  const shared = other.share({ ...REQUEST, init: { image: "picture", strength: 0.6, mask: null } }, images);
  const sample = { dims: [1, 4, 8, 8], data: new Float32Array(256) };
  const share = { id: 0, pass: 0, call: 2, sample, parts: [0, 1] } as const;
  const predictions = await shared.predict(share, () => false);
  assert.deepEqual(predictions.map(({ length }) => length), [256, 256]);
  const wrong: readonly Partial<CallShare>[] = [
    { pass: 1 },
    { pass: 2 as never },
    ...[-1, 0, 1, 5, 2.5, NaN].map((call) => ({ call })),
    ...[-1, 2, 0.5].map((part) => ({ parts: [0, part] })),
    { sample: { ...sample, dims: [1, 4, 8, 4] } },
    { sample: { ...sample, dims: [1, 8, 8, 4] } },
    { sample: { ...sample, data: new Float32Array(255) } },
  ];
  for (const changes of wrong) {
    const refused = shared.predict({ ...share, ...changes }, () => false);
    await assert.rejects(refused, { name: "ShareError", code: "NOT_SHAREABLE" }, JSON.stringify(changes));
  }
  let made = 0;
  await assert.rejects(shared.predict(share, () => made++ === 1), { name: "ShareError", code: "CLOSED" });
  assert.equal(made, 2);
});

Deno.test("an aide prepares itself once, and again where its UNet had to make room meanwhile", async () => {
  const [painter] = pipelinesOf(REQUEST.model);
  const other = pipelineOf(REQUEST.model);
  const alone = await paint(painter, REQUEST, null);
  const textEncoder = other.model.textEncoder.bind(other.model);
  let prepared = 0;
  other.model.textEncoder = (...loras) => (prepared++, textEncoder(...loras));
  for (const room of [false, true]) {
    const aide = new Aide(other.share(REQUEST, images), (part) => part === 1);
    const share = aide.share.bind(aide);
    const seen: number[] = [];
    aide.share = async (call, count) => {
      if (room) await other.model.parts.release();
      const taken = await share(call, count);
      seen.push(prepared);
      return taken;
    };
    assert.deepEqual(await paint(painter, REQUEST, aide), alone);
    assert.equal(aide.made, REQUEST.steps);
    assert.equal(new Set(seen).size, room ? REQUEST.steps : 1);
  }
});
