/** Layouts of other tools, from their texts and from pictures. */

import { InvalidInputErrors } from "../../errors.ts";
import { AdaptedLayoutType, resolveAdaptation } from "./adapted_layout.ts";
import { builder } from "../builder.ts";
import { BudgetExceededError, BusyError } from "../turn.ts";

const MASK_ASSET = {
  description:
    "The mask that Regional Prompter divided it by, if it did: the image's `id` or `url`, as in `MaskInput`. Without it such regions are switched off.",
};

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
        "The calls of `canvas.set_global_description` and `canvas.add_local_description`, the whole answer, or the JSON that ComfyUI's nodes for Omost save.",
    }),
  }),
});

const ParametersTextInput = builder.inputType("ParametersTextInput", {
  description: "The text that AUTOMATIC1111's and other web UIs write into pictures as `parameters`.",
  fields: (t) => ({
    text: t.string({ required: true, description: "Prompt, `Negative prompt: ...`, `Steps: ..., Sampler: ...`." }),
    maskAsset: t.string(MASK_ASSET),
  }),
});

const InvokeMetadataInput = builder.inputType("InvokeMetadataInput", {
  description: "The metadata that InvokeAI writes into pictures as `invokeai_metadata`.",
  fields: (t) => ({ json: t.string({ required: true, description: "The JSON." }) }),
});

const KritaDocumentInput = builder.inputType("KritaDocumentInput", {
  description:
    "What Krita's plug-in AI Diffusion keeps in a document: `annotations/ui.json`, or a like name, in the .kra file, which is a zip archive.",
  fields: (t) => ({ json: t.string({ required: true, description: "The JSON." }) }),
});

const PictureInput = builder.inputType("PictureInput", {
  description: "A picture that carries how it was painted.",
  fields: (t) => ({
    file: t.field({
      type: "File",
      required: true,
      description: "A PNG, JPEG or WebP file, whatever its name, sent by the GraphQL multipart request specification.",
    }),
    maskAsset: t.string(MASK_ASSET),
  }),
});

const ImportLayoutInput = builder.inputType("ImportLayoutInput", {
  description: "What to read: exactly one field is set.",
  isOneOf: true,
  fields: (t) => ({
    comfyAreas: t.field({ type: ComfyAreas, description: "Areas of ComfyUI." }),
    comfyWorkflow: t.field({ type: ComfyWorkflow, description: "A workflow of ComfyUI." }),
    omost: t.field({ type: OmostCanvas, description: "A canvas of Omost." }),
    parameters: t.field({ type: ParametersTextInput, description: "A web UI's text." }),
    invokeai: t.field({ type: InvokeMetadataInput, description: "Metadata of InvokeAI." }),
    kritaAi: t.field({ type: KritaDocumentInput, description: "A document of Krita's plug-in AI Diffusion." }),
    picture: t.field({ type: PictureInput, description: "A picture, by the text that it carries." }),
  }),
});

builder.queryField("importLayout", (t) =>
  t.field({
    description: "Reads a layout of another tool. What it cannot take over is named in a warning, or refused.",
    type: AdaptedLayoutType,
    errors: {
      types: [InvalidInputErrors, BudgetExceededError, BusyError],
      union: { name: "ImportLayoutResult", description: "The layout, or why there is none." },
    },
    args: { input: t.arg({ type: ImportLayoutInput, required: true, description: "What to read." }) },
    resolve: async (_root, { input }, context) => {
      // Readers of all tools, which no start should wait for.
      const { readImport } = await import("./read_import.ts");
      const { adaptation, source } = await readImport(input, context);
      return resolveAdaptation(adaptation, source, context.services.limits.maxRegions);
    },
  }));
