/** A job in words. */

import type { GenerationFieldsFragment } from "../api/generated.ts";

/** How long something takes, to the precision that matters to somebody who waits. */
export function duration(seconds: number): string {
  if (seconds < 1) return "less than a second";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Where a generation stands. */
export function standing({ status, queuePosition, step, steps, error }: GenerationFieldsFragment): string {
  switch (status) {
    case "QUEUED":
      return queuePosition === null || queuePosition === 0
        ? "Waiting, next in turn"
        : `Waiting, ${queuePosition} before it`;
    case "RUNNING":
      return step === 0 ? "Beginning" : `Step ${step} of ${steps}`;
    case "CANCELING":
      return "Canceling";
    case "SUCCEEDED":
      return "Painted";
    case "CANCELED":
      return "Canceled";
    case "EXPIRED":
      return "Expired before it began";
    case "FAILED":
      return `Failed: ${error?.message ?? "no reason was given"}`;
  }
}

/** What tells a generation from others. */
export function nameOf({ mode, seed, rerolls }: Pick<GenerationFieldsFragment, "mode" | "seed" | "rerolls">): string {
  const anew = rerolls.at(-1)?.regions.map(({ name, seed }) => `${name} anew, seed ${seed}`).join("; ");
  return `${mode === "LATENT" ? "Latent" : "Attention"} mode, seed ${seed}${anew === undefined ? "" : `; ${anew}`}`;
}
