/** Regions of a picture once more, with other noise. */

import { InvalidInputError } from "../../errors.ts";
import type { Generation as GenerationRecord } from "../../jobs/generation.ts";
import { builder } from "../builder.ts";
import { InvalidInputErrors, NotFoundError } from "../errors.ts";
import { acceptOnce, REFUSALS } from "./accept.ts";
import { Generation } from "./generation.ts";
import type { Difference } from "./picture_file.ts";
import { turnFields } from "./turn_fields.ts";
import { DifferenceType } from "./regenerate.ts";

interface Rerolled {
  readonly generation: GenerationRecord;
  readonly differences: readonly Difference[];
}

const RerollType = builder.objectRef<Rerolled>("Reroll").implement({
  description: "A picture of which regions are painted anew.",
  fields: (t) => ({
    generation: t.field({
      type: Generation,
      description: "The generation that was queued.",
      resolve: ({ generation }) => generation,
    }),
    differences: t.field({
      type: [DifferenceType],
      description:
        "What is not as it was when the picture was painted, so that what is locked may come out otherwise; the model is the same. Not told again for an idempotency key that was used.",
      resolve: ({ differences }) => [...differences],
    }),
  }),
});

const RerollInput = builder.inputType("RerollInput", {
  description: "Which regions of which picture to paint anew.",
  fields: (t) => ({
    generation: t.globalID({
      for: Generation,
      description: "A generation that has SUCCEEDED. Exactly one of this and `file` is set.",
    }),
    file: t.field({
      type: "File",
      description:
        "Or the file of a picture of Parterre's, by the GraphQL multipart request specification: its generation may be gone.",
    }),
    regions: t.stringList({ required: true, description: "Names of regions that paint." }),
    seeds: t.field({
      type: ["Seed"],
      description:
        "Seeds of their new noise, one for each, in their order. Default: random ones, which the answer tells.",
    }),
    lockRest: t.boolean({
      description:
        "Whether everything else is held at every step to what it was, which takes twice the time. Without it the rest follows the new regions a little. Default true.",
    }),
    ...turnFields(t),
  }),
});

builder.mutationField("reroll", (t) =>
  t.field({
    description:
      "Paints regions of a picture anew: the same picture, with other noise where they are. The answer comes at once, as that of `generate`.",
    type: RerollType,
    authScopes: { generate: true },
    errors: {
      types: [NotFoundError, ...REFUSALS],
      union: { name: "RerollResult", description: "The accepted generation, or why there is none." },
    },
    args: { input: t.arg({ type: RerollInput, required: true, description: "Which regions, of which picture." }) },
    resolve: async (_root, { input }, context): Promise<Rerolled> => {
      // Readers of files, which no start should wait for.
      const { readRecord } = await import("./picture_file.ts");
      const { pictureOf, pictureOfRecord, requireModel, resolveReroll } = await import("./reroll_request.ts");
      const { file, generation, regions, seeds, lockRest } = input;
      if (!file === !generation) {
        const rule = generation ? "must not be set if file is" : "must be set if file is not";
        const value = generation?.id ?? null;
        throw new InvalidInputErrors([new InvalidInputError("INVALID_VALUE", ["input", "generation"], value, rule)]);
      }
      const text = file ? await readRecord(file, context) : undefined;
      const { file: _, ...said } = input;
      let differences: readonly Difference[] = [];
      const resolve = async () => {
        const picture = text === undefined
          ? await pictureOf(generation?.id ?? "", context)
          : await pictureOfRecord(text, context);
        differences = await requireModel(picture, context);
        return await resolveReroll(picture, { regions, seeds, lockRest: lockRest ?? true }, context);
      };
      const rerolled = await acceptOnce(input, { ...said, reroll: text ?? null }, resolve, context);
      return { generation: rerolled, differences };
    },
  }));
