/** What a model can be asked for, from its config files alone. */

import { join } from "node:path";
import type { ModelFamily } from "../families/registry.ts";
import { trainingDefaults } from "../sampler/diffusers_defaults.ts";
import { type PredictionType } from "../sampler/scheduler_config.ts";
import { type ModelConfig, ModelFolderError } from "./config.ts";

/** Every {@link Distillation}. */
export const DISTILLATIONS = ["NONE", "TURBO", "LCM"] as const;

/**
 * How a model was distilled to few steps: not at all, by adversarial or progressive distillation (Turbo, Lightning:
 * no guidance), or to consistency (LCM, TCD).
 */
export type Distillation = (typeof DISTILLATIONS)[number];

/** What a model is and accepts. */
export interface ModelCapabilities {
  readonly family: ModelFamily;
  readonly distillation: Distillation;
  /** Width D of a context's tokens. */
  readonly contextWidth: number;
  /** Number of text encoders. */
  readonly textEncoders: number;
  /** What the UNet predicts. */
  readonly predictionType: PredictionType;
  /** Whether the guidance scale is an input of the UNet (LCM), in place of a second prediction. */
  readonly guidanceEmbedded: boolean;
  /** Whether a negative prompt has any effect: guidance needs a second prediction for it. */
  readonly supportsNegativePrompt: boolean;
  /** Picture edge in pixels that the model was trained for. */
  readonly nativeSize: number;
  /** Width and height must be multiples of this many pixels. */
  readonly sizeMultiple: number;
  /** Resolution levels of the UNet. */
  readonly levels: number;
  readonly defaultSteps: number;
  readonly defaultGuidanceScale: number;
}

/**
 * Derives a model's capabilities.
 *
 * Distillation shows in the scheduler: `LCMScheduler` or
 * `TCDScheduler`, or Euler with trailing timesteps and epsilon prediction (sd-turbo, sdxl-turbo, SDXL-Lightning).
 * Trailing timesteps alone are no sign of it: models of zero terminal SNR have them too (arXiv:2305.08891).
 *
 * @param declared How the model's maker says that it was distilled; overrides what its files suggest.
 * @throws {ModelFolderError} if the scheduler is of a kind that Parterre has no sampler for.
 */
export function capabilitiesOf(config: ModelConfig, declared?: Distillation): ModelCapabilities {
  const scheduler = schedulerFacts(config);
  const guidanceEmbedded = typeof config.unet.time_cond_proj_dim === "number";
  const distillation = declared ?? (guidanceEmbedded ? "LCM" : scheduler.distillation);
  return {
    family: config.family.name,
    distillation,
    contextWidth: config.contextWidth,
    textEncoders: config.textEncoders.length,
    predictionType: scheduler.predictionType,
    guidanceEmbedded,
    supportsNegativePrompt: !guidanceEmbedded && distillation !== "TURBO",
    nativeSize: config.nativeSize,
    sizeMultiple: config.vaeFactor,
    levels: config.levels,
    ...defaultsOf(config, distillation, guidanceEmbedded),
  };
}

interface SchedulerFacts {
  readonly predictionType: PredictionType;
  readonly distillation: Distillation;
}

function schedulerFacts({ folder, scheduler }: ModelConfig): SchedulerFacts {
  const file = join(folder, "scheduler", "scheduler_config.json");
  const { _class_name: className } = scheduler;
  const defaults = typeof className === "string" ? trainingDefaults(className) : undefined;
  if (typeof className !== "string" || defaults === undefined) {
    throw new ModelFolderError(file, `its scheduler ${className} is not a discrete diffusion scheduler`);
  }
  const spacing = scheduler["timestep_spacing"] ?? defaults["timestep_spacing"];
  const predicts = scheduler["prediction_type"] ?? defaults["prediction_type"];
  const predictionType = (["epsilon", "v_prediction", "sample"] as const).find((type) => type === predicts);
  if (predictionType === undefined) {
    throw new ModelFolderError(file, `its prediction_type ${predicts} is not supported`);
  }
  const consistency = className === "LCMScheduler" || className === "TCDScheduler";
  const turbo = className.startsWith("Euler") && spacing === "trailing" && predictionType === "epsilon" &&
    scheduler["rescale_betas_zero_snr"] !== true;
  return { predictionType, distillation: consistency ? "LCM" : turbo ? "TURBO" : "NONE" };
}

/**
 * Steps and guidance scale that suit a model: for LCM with embedded guidance those of diffusers'
 * `LatentConsistencyModelPipeline` (4 and 8.5), for consistency LoRAs and Turbo 4 steps without guidance (their model
 * cards), else its family's.
 */
function defaultsOf(
  { family: { defaults } }: ModelConfig,
  distillation: Distillation,
  guidanceEmbedded: boolean,
): Pick<ModelCapabilities, "defaultSteps" | "defaultGuidanceScale"> {
  if (distillation !== "NONE") return { defaultSteps: 4, defaultGuidanceScale: guidanceEmbedded ? 8.5 : 1 };
  return { defaultSteps: defaults.steps, defaultGuidanceScale: defaults.guidanceScale };
}

/**
 * How many channels a UNet takes beside the latents': none, or those of inpainting models, a mask and the latents of the
 * picture without what is masked.
 */
export function inpaintingChannels({ unet, latents }: Pick<ModelConfig, "unet" | "latents">): number {
  return unet.in_channels - latents.channels;
}
