/** Ending a generation, and removing what is left of one. */

import type { Generation as GenerationRecord } from "../../jobs/generation.ts";
import type { CancelOutcome } from "../../jobs/queue.ts";
import { builder } from "../builder.ts";
import { NotFinishedError, NotFoundError } from "../errors.ts";
import { Generation } from "./generation.ts";

const CancelOutcomeEnum = builder.enumType("CancelOutcome", {
  description: "What a cancellation came to.",
  values: {
    CANCELED: { description: "It is canceled." },
    CANCELING: { description: "It is running and stops at its next step." },
    ALREADY_FINISHED: { description: "It had succeeded or failed before; nothing changed." },
  } as const,
});

const CancelPayload = builder.objectRef<{ outcome: Exclude<CancelOutcome, "NOT_FOUND">; generation: GenerationRecord }>(
  "CancelGenerationPayload",
).implement({
  description: "What became of a cancellation.",
  fields: (t) => ({
    outcome: t.field({ type: CancelOutcomeEnum, description: "What it came to.", resolve: ({ outcome }) => outcome }),
    generation: t.field({
      type: Generation,
      description: "The generation now.",
      resolve: ({ generation }) => generation,
    }),
  }),
});

const DeletePayload = builder.objectRef<{ id: string }>("DeleteGenerationPayload").implement({
  description: "What was deleted.",
  fields: (t) => ({
    deletedId: t.globalID({
      description: "The id of the generation, which stands for nothing now.",
      resolve: ({ id }) => ({ type: "Generation", id }),
    }),
  }),
});

builder.mutationFields((t) => ({
  cancelGeneration: t.field({
    description:
      "Cancels a generation: at once while it waits, at its next step while it runs. Asking again is harmless.",
    type: CancelPayload,
    authScopes: { generate: true },
    errors: {
      types: [NotFoundError],
      union: { name: "CancelGenerationResult", description: "What became of the cancellation, or why nothing did." },
    },
    args: { id: t.arg.globalID({ required: true, for: Generation, description: "The generation's id." }) },
    resolve: async (_root, { id: { id } }, { services }) => {
      const outcome = await services.queue.requestCancel(id);
      const generation = await services.generations.get(id);
      if (outcome === "NOT_FOUND" || generation === null) throw new NotFoundError(id);
      return { outcome, generation };
    },
  }),
  deleteGeneration: t.field({
    description:
      "Removes a finished generation: its record, its events, and its picture unless something else uses the same file. Its idempotency key is free again.",
    type: DeletePayload,
    authScopes: { generate: true },
    errors: {
      types: [NotFoundError, NotFinishedError],
      union: { name: "DeleteGenerationResult", description: "What was deleted, or why nothing was." },
    },
    args: { id: t.arg.globalID({ required: true, for: Generation, description: "The generation's id." }) },
    resolve: async (_root, { id: { id } }, { services }) => {
      const outcome = await services.deleteGeneration(id);
      if (outcome === "NOT_FOUND") throw new NotFoundError(id);
      if (outcome === "NOT_FINISHED") throw new NotFinishedError(id);
      return { id };
    },
  }),
}));
