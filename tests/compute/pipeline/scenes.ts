/** Pictures painted in every way there is, by tiny models, and pipelines that paint them. */

import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import type { PictureRequest, Reroll } from "../../../compute/pipeline/request.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../../layout/layout.ts";
import { requestFor } from "../../jobs/requests.ts";

const EDGE = 64;
const folder = fileURLToPath(new URL("../../fixtures/models/", import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });

const open: DiffusionModel[] = [];
Deno.test.afterAll(async () => {
  for (const model of open) await model.release();
});

/** A pipeline of its own sessions, as another process has it. */
export function pipelineOf(name: string): Pipeline {
  const path = name.startsWith("tiny")
    ? folder + name
    : fileURLToPath(new URL(`../../../models/${name}`, import.meta.url));
  const model = new DiffusionModel(runtime, path, name);
  model.parts.spare = Infinity; // variants stay loaded
  open.push(model);
  return new Pipeline(model);
}

const pipelines = new Map<string, readonly [Pipeline, Pipeline]>();

/** Two pipelines of a model, as two processes have it. */
export function pipelinesOf(name: string): readonly [Pipeline, Pipeline] {
  const both = pipelines.get(name) ?? [pipelineOf(name), pipelineOf(name)];
  pipelines.set(name, both);
  return both;
}

const bytes = Uint8Array.from(new NormalNoise(3).draw(EDGE * EDGE * 4), (v) => 128 + 50 * v);
/** Of the scenes: a picture to start from. */
export const images = new Map([["picture", { width: EDGE, height: EDGE, data: bytes }]]);

/** A region that is one half of the picture. */
export const half = (name: string, x: number, changes: Partial<Region> = {}): Region => ({
  ...PLAIN_REGION,
  name,
  prompt: name,
  geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 },
  ...changes,
});
/** What every scene changes something of. */
export const REQUEST: PictureRequest = {
  ...requestFor("a garden"),
  model: "tiny-sd15",
  layout: { ...PLAIN_LAYOUT, basePrompt: "a garden", regions: [half("left", 0, { seed: 5 }), half("right", 0.5)] },
  width: EDGE,
  height: EDGE,
  steps: 5,
  guidanceScale: 2,
};

/** A region painted anew, with the rest held. */
export const reroll = (name: string, seed: number): Reroll => ({ of: "it", regions: [{ name, seed }], lockRest: true });
const init = { image: "picture", strength: 0.8, mask: null };
const mask = { area: { kind: "REGION", region: "left" }, inverted: false, feather: 0.05 } as const;

/** Each with a sampler that remembers, or draws noise, or both; and from one of its steps. */
export const SCENES: Readonly<Record<string, readonly [Partial<PictureRequest>, ...number[]]>> = {
  "a picture to start from": [{ init, sampler: "pndm" }, 2],
  "a part painted anew": [{ init: { ...init, mask }, sampler: "dpmpp-sde" }, 1, 3],
  "an inpainting model": [{ model: "tiny-inpaint", init: { ...init, mask }, sampler: "lms" }, 2],
  "re-rolls of re-rolls": [{ rerolls: [reroll("right", 7), reroll("left", 8)], sampler: "dpmpp-2m-sde" }, 3],
  "a second pass of the latents": [
    { secondPass: { scale: 2, upscale: "latent", strength: 0.6, steps: 5 }, sampler: "unipc", width: 32, height: 32 },
    2,
    5, // the last of the first pass
    7,
  ],
  "a second pass of the picture, re-rolled": [
    {
      secondPass: { scale: 2, upscale: "pixel", strength: 0.5, steps: 4 },
      rerolls: [reroll("right", 7)],
      sampler: "heun",
      width: 32,
      height: 32,
    },
    4,
    6,
  ],
  "windows": [{ width: 96, windows: { size: 64, overlap: 16 }, sampler: "dpmpp-2m" }, 3],
  "latent mode": [{ mode: "latent", sampler: "euler-a" }, 2],
  "one mode after the other, with a variation": [
    { modeUntil: 0.5, sampler: "unipc", variation: { seed: 3, strength: 0.4 } },
    1,
    3,
  ],
};
