/** LoRAs as clients ask for them, and as they are told what was understood. */

import type { LoraUse } from "../../layout/lora_use.ts";
import { LORA_WEIGHT, MAX_LORAS } from "../../layout/loras.ts";
import { rangeOf } from "../../layout/limits.ts";
import { builder } from "../builder.ts";

/** One LoRA of a list. */
export const LoraInput = builder.inputType("LoraInput", {
  description: "A LoRA and how much of it is wanted; `<lora:name:0.8>` in a prompt says the same.",
  fields: (t) => ({
    name: t.string({ required: true, description: "Its name in `loras`: the file's, without the ending." }),
    weight: t.float({
      description: `${rangeOf(LORA_WEIGHT)}; 1 is the whole of it, 0 nothing, less than 0 the opposite. Default 1.`,
    }),
  }),
});

export const RegionalLoraEnum = builder.enumType("RegionalLora", {
  description:
    "What becomes of those layers of a region's LoRA that do not act on its prompt alone. Text encoders and the keys and values of cross-attention do: they are the region's own, exactly, in any case.",
  values: {
    CONTEXT_ONLY: { description: "They are left out; the dry run warns of them." },
    WEIGHTED: {
      description:
        "Linear layers around attention are added where the region has weight, at some cost per step; convolutions over neighbours are left out, and the dry run warns of them.",
    },
    REFUSE: { description: "A LoRA that has any is refused." },
  } as const,
});

/** Descriptions of the fields of inputs that take LoRAs. */
export const WHOLE_LORAS =
  `LoRAs of the whole picture, at most ${MAX_LORAS}, beside those that prompts name. Default: none.`;
export const REGIONAL_LORA =
  "What becomes of layers of regions' LoRAs that act on more than a prompt. Default CONTEXT_ONLY.";

/** A LoRA as it was understood. */
export const LoraUseRef = builder.objectRef<LoraUse>("LoraUse").implement({
  description: "A LoRA that a picture or a region is painted with.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name in `loras`." }),
    weight: t.exposeFloat("weight", { description: "How much of it; 1 is the whole." }),
  }),
});
