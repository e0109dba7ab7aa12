/** How long a generation will take, judged by the steps that this process has seen, or else by what others tell. */

import type { StepTiming } from "../compute/pipeline/generation_output.ts";
import type { PictureRequest } from "../compute/pipeline/request.ts";

/** What the time of a prediction and of a preview depends on. */
export type StepShape = Pick<PictureRequest, "model" | "width" | "height" | "previews">;

/** What is still to be done. */
export interface Work {
  /** Predictions of the UNet, see `passesByStep`. */
  readonly passes: number;
  /** Previews; one a step. */
  readonly previews: number;
}

/** Weight of the newest step in the running averages. */
const NEWEST = 0.3;

/**
 * Remembers how many milliseconds per pixel a model's predictions take, and its previews by each method. What a step is
 * made of differs from request to request: with guidance, a sampler of two calls or regions in latent mode it has
 * several predictions, and with an autoencoder's preview a decoding beside them.
 */
export class Estimator {
  /** Of other workers, for models that none was noted of here. */
  #told: ReadonlyMap<string, number> = new Map();
  readonly #passes = new Averages();
  readonly #previews = new Averages();

  /** Notes a step. */
  record(shape: StepShape, { passes, stepMs, previewMs }: StepTiming): void {
    const pixels = shape.width * shape.height;
    this.#passes.add(shape.model, (stepMs - previewMs) / (pixels * passes));
    this.#previews.add(previewer(shape), previewMs / pixels);
  }

  /** Whether a step of the model was noted. */
  knows(model: string): boolean {
    return this.#passes.get(model) !== undefined;
  }

  /** Milliseconds per pixel of the model's predictions, as noted here; undefined until one was. */
  msPerPixel(model: string): number | undefined {
    return this.#passes.get(model);
  }

  /** Takes what other workers have noted, instead of what they had before; what is noted here goes before. */
  learn(msPerPixel: ReadonlyMap<string, number>): void {
    this.#told = msPerPixel;
  }

  /**
   * Milliseconds that some work will take; null until a step of the model was noted or told of. Previews count from the first one
   * on that was made by their method.
   */
  estimate(shape: StepShape, { passes, previews }: Work): number | null {
    const ofPass = this.#passes.get(shape.model) ?? this.#told.get(shape.model);
    if (ofPass === undefined) return null;
    const ofPreview = this.#previews.get(previewer(shape)) ?? 0;
    return shape.width * shape.height * (passes * ofPass + previews * ofPreview);
  }
}

function previewer({ model, previews }: StepShape): string {
  return `${previews} of ${model}`;
}

/** Running averages by name. */
class Averages {
  readonly #known = new Map<string, number>();

  add(name: string, value: number): void {
    const known = this.#known.get(name) ?? value;
    this.#known.set(name, known + NEWEST * (value - known));
  }

  get(name: string): number | undefined {
    return this.#known.get(name);
  }
}
