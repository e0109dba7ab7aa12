/** Where a generation's time went. */

import type { AttentionCost } from "../../compute/model/regional_feeds.ts";
import type { GenerationTiming } from "../../compute/pipeline/generation_output.ts";
import { builder } from "../builder.ts";

/** What the worker loop records with a finished generation. */
export type MetricsRecord = GenerationTiming & {
  readonly attention: readonly AttentionCost[];
  /** Absent in those of earlier versions. */
  readonly workers?: number;
};

const AttentionForm = builder.enumType("AttentionForm", {
  description: "How regional attention was computed on a level. Both give the same numbers.",
  values: {
    GATHERED: { description: "Only where regions have weight: the cost follows the covered area." },
    DENSE: { description: "Everywhere for every region, where gathering would save nothing." },
  } as const,
});

const Cost = builder.objectRef<AttentionCost>("AttentionCost").implement({
  description: "What regional attention cost on one resolution level, in one prediction of the last step.",
  fields: (t) => ({
    level: t.exposeInt("level", { description: "0 is the latent grid." }),
    form: t.field({
      type: AttentionForm,
      description: "How it was computed.",
      resolve: ({ computed, dense }) => computed < dense ? "GATHERED" : "DENSE",
    }),
    computed: t.exposeInt("computed", { description: "Attention rows computed." }),
    dense: t.exposeInt("dense", { description: "Attention rows that all prompts over all cells would have been." }),
  }),
});

/** The metrics type. */
export const Metrics = builder.objectRef<MetricsRecord>("GenerationMetrics").implement({
  description: "Where a generation's time went.",
  fields: (t) => ({
    loadSeconds: t.float({ description: "Loading what was not loaded yet.", resolve: (m) => m.loadMs / 1000 }),
    encodeSeconds: t.float({ description: "Encoding the prompts.", resolve: (m) => m.encodeMs / 1000 }),
    denoiseSeconds: t.float({ description: "All denoising steps.", resolve: (m) => m.denoiseMs / 1000 }),
    decodeSeconds: t.float({ description: "Decoding the picture.", resolve: (m) => m.decodeMs / 1000 }),
    workers: t.int({
      description:
        "How many workers computed in the attempt that succeeded: 1, and those that helped. The times are those of the worker that painted, its waiting included, and of pictures that others painted theirs.",
      resolve: ({ workers }) => workers ?? 1,
    }),
    attention: t.field({
      type: [Cost],
      description: "What regional attention cost, level by level.",
      resolve: (m) => [...m.attention],
    }),
  }),
});
