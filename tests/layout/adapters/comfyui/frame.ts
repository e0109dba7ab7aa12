/** The workflow that the tests vary: two prompts, a background, a negative one, and a sampler on 768 x 512 pixels. */

import type { Adaptation } from "../../../../layout/adapters/adapted.ts";
import { readComfyWorkflow } from "../../../../layout/adapters/comfyui/workflow.ts";
import type { Layout } from "../../../../layout/layout.ts";

/** A node in the API's format. */
export interface ApiNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export type ApiNodes = Readonly<Record<string, ApiNode>>;

export function node(class_type: string, inputs: Readonly<Record<string, unknown>> = {}): ApiNode {
  return { class_type, inputs };
}

export const encode = (text: unknown): ApiNode => node("CLIPTextEncode", { text, clip: ["1", 1] });

const sampling = { seed: 1, steps: 20, cfg: 7, sampler_name: "euler", scheduler: "karras", denoise: 1 };

/** `k.positive` is the background, "meadow". */
export const FRAME: ApiNodes = {
  "1": node("CheckpointLoaderSimple", { ckpt_name: "m" }),
  l: node("EmptyLatentImage", { width: 768, height: 512, batch_size: 1 }),
  n: encode("blurry"),
  a: encode("red fox"),
  c: encode("blue owl"),
  b: encode("meadow"),
  k: node("KSampler", {
    ...sampling,
    ...{ model: ["1", 0], positive: ["b", 0], negative: ["n", 0], latent_image: ["l", 0] },
  }),
};

/** Masks of the left and the right half, drawn as people draw them. */
export const HALVES: ApiNodes = {
  m0: node("SolidMask", { value: 0, width: 768, height: 512 }),
  m1: node("SolidMask", { value: 1, width: 384, height: 512 }),
  ml: node("MaskComposite", { destination: ["m0", 0], source: ["m1", 0], x: 0, y: 0, operation: "add" }),
  mr: node("MaskComposite", { destination: ["m0", 0], source: ["m1", 0], x: 384, y: 0, operation: "add" }),
};

/** The frame with other inputs of its sampler, and other nodes. */
export function sampled(inputs: Readonly<Record<string, unknown>>, ...nodes: readonly ApiNodes[]): ApiNodes {
  const { k } = FRAME;
  return Object.assign({}, FRAME, ...nodes, { k: { ...k, inputs: { ...k?.inputs, ...inputs } } });
}

export function imported(workflow: unknown): Adaptation {
  return readComfyWorkflow({ json: JSON.stringify(workflow) });
}

/** Prompts with their rectangles, [x, y, width, height]; null for any other shape. */
export function placed({ regions }: Layout): readonly unknown[] {
  return regions.map(({ prompt, geometry }) => [
    prompt,
    geometry.kind === "RECTANGLE" ? [geometry.x, geometry.y, geometry.width, geometry.height] : null,
  ]);
}

/** Places and texts of warnings. */
export function said(adaptation: Adaptation): readonly string[] {
  if ("problems" in adaptation) throw new Error(adaptation.problems.map(({ message }) => message).join("\n"));
  return adaptation.warnings.map(({ code, path, message }) => `${code} ${path.slice(2).join(".")}: ${message}`);
}
