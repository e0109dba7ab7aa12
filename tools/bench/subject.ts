/** The model that figures are measured on, and its denoising loops, step by step. */

import type { AppliedLora } from "../../compute/lora/merge_loras.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import type { PromptContext } from "../../compute/model/text_conditioner.ts";
import type { Unet } from "../../compute/model/unet.ts";
import { denoise, type RegionMode } from "../../compute/pipeline/denoise.ts";
import { latentWindows } from "../../compute/pipeline/picture_windows.ts";
import { NormalNoise } from "../../compute/pipeline/normal_noise.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { createSampler } from "../../compute/sampler/registry.ts";
import type { Sampler } from "../../compute/sampler/sampler.ts";
import { type Tensor, tensor } from "../../compute/tensor.ts";
import type { WindowGrid } from "../../compute/windows.ts";
import { equalCells } from "./layouts.ts";
import { TimedRuntime } from "./timed_runtime.ts";

/** The folder of the model that comes with Parterre. */
export const EMBEDDED_MODEL = new URL("../../models/beds-256", import.meta.url).pathname;

/** The name of its distilled student, and the steps that it was distilled to. */
export const DISTILLED_MODEL = "beds-256-lcm";
export const DISTILLED_STEPS = 4;

/** Pictures' edges in pixels: the embedded model's own, and the one that gives latents of 64 x 64. */
export const EDGES: readonly number[] = [256, 512];

/** Steps of the longest loop: a bench never gets to its end. */
const STEPS = 1000;

/** One prompt for each region and one for the base, repeated if there are more. */
const PROMPTS = ["desert", "ocean", "forest", "sunset", "snow", "city", "beach", "space", "blue sky"];

/** What a loop paints. */
export interface LoopOptions {
  /** Edge of the square picture in pixels. */
  readonly edge: number;
  /** Equal cells; 0 for a plain picture. */
  readonly regions: number;
  /** Share that every region leaves to the base prompt; 0 by default. */
  readonly baseRatio?: number;
  /** `attention` by default. */
  readonly mode?: RegionMode;
  /** In pixels; the picture as a whole by default. */
  readonly windows?: WindowGrid;
  /** 1 by default: the conditional prediction alone. */
  readonly guidanceScale?: number;
  /** LoRAs of the last region; none by default. */
  readonly loras?: readonly AppliedLora[];
  /** Default: the model's own. */
  readonly unet?: Unet;
}

/** Everything loaded. */
export class Subject implements AsyncDisposable {
  private constructor(
    readonly runtime: TimedRuntime,
    readonly model: DiffusionModel,
    private readonly unet: Unet,
    private readonly contexts: readonly PromptContext[],
  ) {}

  /** Loads the embedded model, by default on WASM with as many threads as the machine has. */
  static async load(provider: Runtime = wasm()): Promise<Subject> {
    const runtime = new TimedRuntime(provider);
    const model = new DiffusionModel(runtime, EMBEDDED_MODEL, "beds-256");
    const text = await model.textEncoder();
    const contexts: PromptContext[] = [];
    for (const prompt of PROMPTS) contexts.push((await text.encode(prompt)).context);
    return new Subject(runtime, model, await model.unet(), contexts);
  }

  /** A denoising loop that stands before its first step. */
  loop(options: LoopOptions): StepClock {
    const { edge, regions, baseRatio = 0, mode = "attention", guidanceScale = 1, windows } = options;
    const { loras, unet = this.unet } = options;
    const { vaeFactor: factor } = this.model.config;
    const maps = regions === 0 ? null : equalCells(regions, baseRatio, { edge, factor });
    const cond = Array.from({ length: regions + 1 }, (_, r) => {
      const context = this.context(r);
      return loras === undefined || r < regions ? context : { ...context, loras };
    });
    return new StepClock(denoise({
      unet,
      sampler: this.sampler(),
      start: this.latents(edge),
      ...windows && { windows: latentWindows({ width: edge, height: edge, windows }, factor) ?? [] },
      mode,
      begin: 0,
      cond,
      uncond: [this.context(0)],
      mapsAt: () => maps,
      guidanceScales: cond.map(() => guidanceScale),
    }));
  }

  /** The sampler of every loop. */
  sampler(): Sampler {
    return createSampler({ sampler: "ddim", config: this.model.config.scheduler, steps: STEPS, schedule: "model" });
  }

  /** Unit noise [1, C, edge / factor, edge / factor]. */
  latents(edge: number): Tensor {
    const { vaeFactor, unet: { in_channels: channels } } = this.model.config;
    const cells = edge / vaeFactor;
    return tensor([1, channels, cells, cells], new NormalNoise(0).draw(channels * cells * cells));
  }

  /** The context of the base prompt (0) or of a region. */
  context(r: number): PromptContext {
    const context = this.contexts[r % this.contexts.length];
    if (context === undefined) throw new RangeError("Cannot condition on no prompt");
    return context;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.model.release();
  }
}

function wasm(): Runtime {
  return createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "the bench measures WASM" });
}

/** Takes steps of a loop and times each. */
export class StepClock {
  /** @param steps Works when its next result is asked for, and only then. */
  constructor(private readonly steps: AsyncIterator<unknown>) {}

  /** Milliseconds of the next step. A property, so that it can be handed on as a measure. */
  readonly step = async (): Promise<number> => {
    const since = performance.now();
    const { done } = await this.steps.next();
    if (done === true) throw new RangeError("Cannot step beyond the end of the loop");
    return performance.now() - since;
  };
}
