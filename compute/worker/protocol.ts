/** What the server's thread and the compute Worker say to each other. */

import type { GenerationOutput, GenerationTiming } from "../pipeline/generate.ts";
import type { GenerationRequest } from "../pipeline/request.ts";
import type { RgbImage } from "../pipeline/rgb_image.ts";
import type { RuntimeInfo } from "../runtime/runtime.ts";

/** How the Worker is set up; sent once. */
export interface ComputeOptions {
  /** Holds one folder per model. */
  readonly modelsFolder: string;
  /** Threads that one run uses. */
  readonly threads: number;
}

/** A step of a running generation. */
export type GenerationStep = Extract<GenerationOutput, { type: "STEP" }>;

/** How a generation ended. */
export type GenerationOutcome =
  | { readonly type: "IMAGE"; readonly image: RgbImage; readonly timing: GenerationTiming }
  | { readonly type: "CANCELED" }
  | { readonly type: "FAILED"; readonly code: string; readonly message: string };

/** What loading a model took. */
export interface LoadReport {
  readonly loadMs: number;
  /** A guided step of a plain picture at native size, once everything is warm. */
  readonly stepMs: number;
  /** The native size in pixels. */
  readonly nativeSize: number;
}

/** The Worker's side, called through comlink. */
export interface ComputeApi {
  start(options: ComputeOptions): RuntimeInfo;
  /** Loads every part of a model and measures a step. */
  load(model: string): Promise<LoadReport>;
  /**
   * Computes a generation.
   * @param cancel One int32 that becomes non-zero when the generation is to stop at the next step.
   * @param onStep Called after every step, not waited for.
   */
  generate(
    request: GenerationRequest,
    cancel: Int32Array<SharedArrayBuffer>,
    onStep: (step: GenerationStep) => void,
  ): Promise<GenerationOutcome>;
}
