/** The steps of several pictures of one generation, counted together in whichever order they are taken. */

import type { GenerationStep } from "../compute/worker/compute.ts";
import { nth } from "../elements.ts";

/** A step of one of the pictures, as one of all. */
export interface PictureStep extends GenerationStep {
  /** Which picture it is of, from 0. */
  readonly picture: number;
  /** Whether this worker alone took it; else it says nothing of how fast this worker is. */
  readonly alone: boolean;
}

/** Counts the steps of several pictures together, in whichever order they are taken. */
export class PictureSteps {
  /** By picture: how many of its steps are completed. */
  readonly #completed: number[];
  /** By picture: steps that were counted before they were lost. */
  readonly #lost: number[];
  /** Predictions that all steps of one picture take. */
  #passes: number | undefined;

  /**
   * @param each Steps of one picture.
   * @param completed By picture: how many of its steps are there already.
   */
  constructor(private readonly each: number, completed: readonly number[]) {
    this.#completed = [...completed];
    this.#lost = completed.map(() => 0);
  }

  /**
   * A step of picture `i` was taken.
   * @returns It as one of all; null where it was counted before and lost.
   */
  take<Step extends Pick<GenerationStep, "step" | "steps" | "passes" | "passesLeft">>(
    i: number,
    step: Step,
  ): Step | null {
    // One that is gone on with has steps before: as many predictions for each as the others have.
    if (step.step === 1) this.#passes = undefined;
    this.#passes ??= (step.passes + step.passesLeft) * step.steps / (step.steps - step.step + 1);
    if (step.step <= nth(this.#lost, i)) return null;
    this.#completed[i] = step.step;
    const all = this.#completed.reduce((sum, n) => sum + n, 0);
    const others = this.#completed.reduce((sum, n, k) => sum + (k === i ? 0 : this.each - n), 0);
    return {
      ...step,
      step: all,
      steps: this.each * this.#completed.length,
      passesLeft: step.passesLeft + others * this.#passes / this.each,
    };
  }

  /** Picture `i` is done, whether all of its steps were told or not. */
  complete(i: number): void {
    this.#completed[i] = this.each;
  }

  /** The steps of picture `i` have to be taken again; they count once. */
  lose(i: number): void {
    this.#lost[i] = nth(this.#completed, i);
  }
}
