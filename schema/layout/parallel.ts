/** What of a picture several workers can compute at once: a part of the dry run. */

import type { Parallel } from "../../jobs/aides/parallel.ts";
import { builder } from "../builder.ts";

/** What a request is cut into, and who is there. */
export interface ParallelPlan extends Parallel {
  readonly workers: number;
}

const ParallelUnit = builder.enumType("ParallelUnit", {
  description: "What workers that paint together take from each other.",
  values: {
    PREDICTIONS: { description: "Predictions of one step of one picture." },
    PICTURES: { description: "Whole pictures, where there are several; they are not cut any further." },
  } as const,
});

/** The plan's type. */
export const ParallelPlanRef = builder.objectRef<ParallelPlan>("ParallelPlan").implement({
  description:
    "What of a generation several workers of a fleet can compute at once. The pictures are the same, byte for byte, however many do.",
  fields: (t) => ({
    unit: t.field({
      type: ParallelUnit,
      description: "What a worker takes from another.",
      resolve: ({ work }) => work,
    }),
    parts: t.exposeInt("parts", {
      description:
        "How many workers have something to do at once, at most: the pictures, or the predictions of a call of the denoiser. 1: nothing is shared, as with several pictures of regions that are found by words.",
    }),
    guidanceHalves: t.exposeInt("guidanceHalves", {
      description: "2 with guidance, which predicts with the prompts and without; else 1.",
    }),
    windows: t.exposeInt("windows", {
      description: "Windows that the picture is predicted by, of the pass with the most; 1 for none.",
    }),
    regions: t.exposeInt("regions", {
      description:
        "Predictions that regions take each for themselves in latent mode, the base's included, at most; 1 in attention mode.",
    }),
    pictures: t.exposeInt("pictures", { description: "How many pictures it is for." }),
    workers: t.exposeInt("workers", {
      description:
        "How many workers could begin it together now: of those that have its model in memory, compute alike and wait, the painter included. 0 where all are busy or none has it; others may come while it is painted.",
    }),
  }),
});
