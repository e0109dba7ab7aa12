/** Regional Prompter's text as a layout. */

import { InvalidInputErrors } from "../../errors.ts";
import { readRegionalPrompt } from "../../layout/adapters/regional_prompter/prompt.ts";
import { AdaptedLayoutType, resolveAdaptation } from "./adapted_layout.ts";
import { builder } from "../builder.ts";
import { seeMask } from "./seen_mask.ts";
import { BudgetExceededError, BusyError, turnOf } from "../turn.ts";

export const DivideModeEnum = builder.enumType("DivideMode", {
  description: "How Regional Prompter divides the canvas.",
  values: {
    COLUMNS: {
      description: '`,` and ADDCOL cut from left to right, inside of rows that `;` and ADDROW cut ("Horizontal").',
    },
    ROWS: {
      description: '`;` and ADDROW cut from top to bottom, inside of columns that `,` and ADDCOL cut ("Vertical").',
    },
    RANDOM: { description: "The cells of a grid draw their region; `ratios` are its rows and columns." },
    MASK: { description: "The colours of a painted image." },
    PROMPT: {
      description: "Where the words behind the last comma of each prompt are found in the base prompt's picture.",
    },
    PROMPT_EX: { description: 'The same; later regions hide earlier ones ("Prompt-EX").' },
  } as const,
});

const ParsePromptInput = builder.inputType("ParsePromptInput", {
  description: "A prompt in the syntax of Regional Prompter, with that tool's settings.",
  fields: (t) => ({
    prompt: t.string({
      required: true,
      description:
        "Prompts between BREAK, ADDCOL, ADDROW and ADDP; a common prompt that ADDCOMM ends, and a base prompt that ADDBASE ends, come first. Keywords are upper case and whole words.",
    }),
    negativePrompt: t.string({
      description: "One for everything, or with BREAK one for the base, if there is one, and one for each region.",
    }),
    mode: t.field({ type: DivideModeEnum, description: "Default COLUMNS." }),
    ratios: t.string({
      description: "For instance `1,2,1` or `1,2,1,1;2,4,6`. Default: equal cells. RANDOM needs `rows,columns`.",
    }),
    flip: t.boolean({ description: "Swaps `,` and `;` in `ratios`. Default false." }),
    useBase: t.boolean({ description: "A BREAK ends the base prompt; ADDBASE needs no setting. Default false." }),
    baseRatios: t.string({
      description: "Each region's share of the base, 0 to 1, for instance `0.2` or `0.2,0.3;0.5`. Default 0.2.",
    }),
    useCommon: t.boolean({ description: "A BREAK ends the common prompt; ADDCOMM needs no setting. Default false." }),
    useCommonNegative: t.boolean({ description: "The same for the negative prompt. Default false." }),
    threshold: t.string({
      description:
        "Of modes PROMPT and PROMPT_EX: one number for all regions or one for each, 0.01 to 0.99, for instance `0.7,0.55`. Default 0.4.",
    }),
    seed: t.field({ type: "Seed", description: "Of mode RANDOM, and required there." }),
    maskAsset: t.string({
      description: "Of mode MASK, and required there: the image's `id` or `url`, as in `MaskInput`.",
    }),
    maskColours: t.intList({
      description:
        "Of mode MASK: which of the 360 mask colours the image has, by index; one per region. Default: those that are in it, if they are as many as the regions, else the first ones.",
    }),
  }),
});

builder.queryField("parsePrompt", (t) =>
  t.field({
    description:
      "Reads a prompt of Regional Prompter. It means what it means there; where that tool drops, repeats or converts something, so does this, with a warning, and where it fails or goes on silently with something else, this answers with problems.",
    type: AdaptedLayoutType,
    errors: {
      types: [InvalidInputErrors, BudgetExceededError, BusyError],
      union: { name: "ParsePromptResult", description: "The layout, or why there is none." },
    },
    args: { input: t.arg({ type: ParsePromptInput, required: true, description: "The text and its settings." }) },
    resolve: async (_root, { input }, context) => {
      turnOf(context).budget.spend("characters", JSON.stringify(input).length);
      const mask = input.mode === "MASK" ? await seeMask(input.maskAsset, ["input", "maskAsset"], context) : {};
      return resolveAdaptation(
        readRegionalPrompt({ ...input, ...mask }),
        "REGIONAL_PROMPTER",
        context.services.limits.maxRegions,
      );
    },
  }));
