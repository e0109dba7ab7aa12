/** A job in words. */

import type { GenerationFieldsFragment } from "../api/generated.ts";

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
