/** Layouts of ComfyUI and Omost. */

import { InvalidInputErrors } from "../../errors.ts";
import type { Adaptation } from "../../layout/adapters/adapted.ts";
import { type ComfyAreasInput, readComfyAreas } from "../../layout/adapters/comfyui/areas.ts";
import { type ComfyWorkflowInput, readComfyWorkflow } from "../../layout/adapters/comfyui/workflow.ts";
import { readOmostCanvas } from "../../layout/adapters/omost/canvas.ts";
import { AdaptedLayoutType, resolveAdaptation } from "./adapted_layout.ts";
import { builder } from "../builder.ts";
import { BudgetExceededError, turnOf } from "../turn.ts";

const CanvasInput = builder.inputType("CanvasInput", {
  description: "A size in pixels.",
  fields: (t) => ({
    width: t.int({ required: true, description: "Pixels, greater than 0." }),
    height: t.int({ required: true, description: "Pixels, greater than 0." }),
  }),
});

const ComfyAreaInput = builder.inputType("ComfyAreaInput", {
  description: "A prompt on a rectangle: in pixels where a canvas is given, else in fractions of the canvas.",
  fields: (t) => ({
    prompt: t.string({ required: true, description: "What to paint there, in ComfyUI's syntax." }),
    negativePrompt: t.string({ description: "What to keep away from there. Default: that of the list." }),
    x: t.float({ required: true, description: "Left edge, from 0." }),
    y: t.float({ required: true, description: "Top edge, from 0." }),
    width: t.float({ required: true, description: "Width, greater than 0; what leaves the canvas is cropped." }),
    height: t.float({ required: true, description: "Height, greater than 0; what leaves the canvas is cropped." }),
    strength: t.float({ description: "Share in overlaps, 0 to 10. Default 1." }),
    start: t.float({ description: "When it begins to paint, as a fraction of the steps. Default 0." }),
    end: t.float({ description: "When it stops painting, as a fraction of the steps. Default 1." }),
  }),
});

const ComfyAreas = builder.inputType("ComfyAreasInput", {
  description: "A list of ComfyUI's areas.",
  fields: (t) => ({
    areas: t.field({ type: [ComfyAreaInput], required: true, description: "The areas." }),
    canvas: t.field({ type: CanvasInput, description: "Areas are in pixels of this. Default: they are fractions." }),
    basePrompt: t.string({ description: "Paints what no area covers. Default: empty." }),
    negativePrompt: t.string({ description: "What to keep away everywhere. Default: empty." }),
  }),
});

const ComfyWorkflow = builder.inputType("ComfyWorkflowInput", {
  description: "A workflow of ComfyUI, as its editor saves it or as its API takes it.",
  fields: (t) => ({
    json: t.string({ required: true, description: "The file's text." }),
    canvas: t.field({
      type: CanvasInput,
      description: "The picture's size, for areas in pixels. Default: that of the sampler's empty latent image.",
    }),
  }),
});

const OmostCanvas = builder.inputType("OmostCanvasInput", {
  description: "A canvas of Omost.",
  fields: (t) => ({
    text: t.string({
      required: true,
      description:
        "The calls of `canvas.set_global_description` and `canvas.add_local_description`, or the whole answer.",
    }),
  }),
});

const ImportLayoutInput = builder.inputType("ImportLayoutInput", {
  description: "What to read: exactly one field is set.",
  isOneOf: true,
  fields: (t) => ({
    comfyAreas: t.field({ type: ComfyAreas, description: "Areas of ComfyUI." }),
    comfyWorkflow: t.field({ type: ComfyWorkflow, description: "A workflow of ComfyUI." }),
    omost: t.field({ type: OmostCanvas, description: "A canvas of Omost." }),
  }),
});

builder.queryField("importLayout", (t) =>
  t.field({
    description: "Reads a layout of another tool. What it cannot take over is named in a warning, or refused.",
    type: AdaptedLayoutType,
    errors: {
      types: [InvalidInputErrors, BudgetExceededError],
      union: { name: "ImportLayoutResult", description: "The layout, or why there is none." },
    },
    args: { input: t.arg({ type: ImportLayoutInput, required: true, description: "What to read." }) },
    resolve: (_root, { input }, context) => {
      turnOf(context).budget.spend("characters", charactersOf(input));
      return resolveAdaptation(readInput(input), context.services.limits.maxRegions);
    },
  }));

interface ImportInput {
  readonly comfyAreas?: ComfyAreasInput | null | undefined;
  readonly comfyWorkflow?: ComfyWorkflowInput | null | undefined;
  readonly omost?: { readonly text: string } | null | undefined;
}

function charactersOf({ comfyAreas, comfyWorkflow, omost }: ImportInput): number {
  if (comfyAreas) return JSON.stringify(comfyAreas).length;
  return (comfyWorkflow?.json ?? omost?.text ?? "").length;
}

function readInput({ comfyAreas, comfyWorkflow, omost }: ImportInput): Adaptation {
  if (comfyAreas) return readComfyAreas(comfyAreas, ["input", "comfyAreas"]);
  if (comfyWorkflow) return readComfyWorkflow(comfyWorkflow, ["input", "comfyWorkflow"]);
  return readOmostCanvas({ text: omost?.text ?? "" }, ["input", "omost"]);
}
