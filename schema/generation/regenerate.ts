/** A picture once more, from its file. */

import type { Generation as GenerationRecord } from "../../jobs/generation.ts";
import { builder } from "../builder.ts";
import { acceptOnce, REFUSALS } from "./accept.ts";
import { Generation } from "./generation.ts";
import type { Difference } from "./picture_file.ts";
import { turnFields } from "./turn_fields.ts";

interface Regeneration {
  readonly generation: GenerationRecord;
  readonly differences: readonly Difference[];
}

/** A difference to when a picture was painted. */
export const DifferenceType = builder.objectRef<Difference>("RegenerationDifference").implement({
  description: "Something that is not as it was when the picture was painted, so that it may come out otherwise.",
  fields: (t) => ({
    field: t.exposeString("field", {
      description:
        "What: `version` of Parterre, `provider` that computes, `model`, `lora NAME` or `embedding NAME` for the SHA-256 of their files.",
    }),
    was: t.exposeString("was", { nullable: true, description: "As the file says; null where it does not." }),
    is: t.exposeString("is", { nullable: true, description: "As it is here; null where it cannot be told." }),
  }),
});

const RegenerationType = builder.objectRef<Regeneration>("Regeneration").implement({
  description: "A picture that is painted once more.",
  fields: (t) => ({
    generation: t.field({
      type: Generation,
      description: "The generation that was queued.",
      resolve: ({ generation }) => generation,
    }),
    differences: t.field({
      type: [DifferenceType],
      description: "Why the picture may come out otherwise; empty: its file will have the same bytes.",
      resolve: ({ differences }) => [...differences],
    }),
  }),
});

const RegenerateInput = builder.inputType("RegenerateInput", {
  description: "Which picture to paint once more.",
  fields: (t) => ({
    file: t.field({
      type: "File",
      required: true,
      description:
        "A PNG, JPEG or WebP file of Parterre's as it was downloaded, sent by the GraphQL multipart request specification.",
    }),
    allowDifferences: t.boolean({
      description:
        "Whether to paint it also where version, provider, model, LoRAs or embeddings are not the same. Default false: that is an error which names them.",
    }),
    ...turnFields(t),
  }),
});

builder.mutationField("regenerate", (t) =>
  t.field({
    description:
      "Paints a picture once more from its file: the same bytes on the same machine, or an error that says what is missing or different.",
    type: RegenerationType,
    authScopes: { generate: true },
    errors: {
      types: REFUSALS,
      union: { name: "RegenerateResult", description: "The accepted generation, or why there is none." },
    },
    args: { input: t.arg({ type: RegenerateInput, required: true, description: "Which picture." }) },
    resolve: async (_root, { input }, context): Promise<Regeneration> => {
      // Readers of files, which no start should wait for.
      const { differencesOf, readRecord, requireSame, resolveRecord } = await import("./picture_file.ts");
      const text = await readRecord(input.file, context);
      const { file: _, ...said } = input;
      let differences: readonly Difference[] | undefined;
      const resolve = async () => {
        const resolved = await resolveRecord(text, context);
        differences = await differencesOf(text, resolved.request, context);
        if (input.allowDifferences !== true) requireSame(differences);
        return resolved;
      };
      const generation = await acceptOnce(input, { ...said, regenerate: text }, resolve, context);
      return { generation, differences: differences ?? await differencesOf(text, generation.request, context) };
    },
  }));
