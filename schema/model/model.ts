/** Models and samplers. */

import { FAMILIES, type ModelFamily } from "../../compute/families/registry.ts";
import type { CatalogEntry, UsableModel } from "../../compute/model/catalog.ts";
import type { ModelFile } from "../../compute/model/model_file_list.ts";
import { inpaintingChannels } from "../../compute/model/capabilities.ts";
import { type SamplerDefinition, samplerOfFolder, samplers } from "../../compute/sampler/registry.ts";
import { hasWorker } from "../../jobs/able_workers.ts";
import { builder } from "../builder.ts";
import { EmbeddingRef } from "./embeddings.ts";
import type { Services } from "../services.ts";

const Sampler = builder.objectRef<SamplerDefinition>("Sampler").implement({
  description: "A way to walk from noise to a picture.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The name to use in input, for instance `dpmpp-2m`." }),
    label: t.exposeString("label", { description: "The name that people know, for instance `DPM++ 2M`." }),
    description: t.exposeString("description", { description: "What it is good for, in a sentence." }),
    aliases: t.stringList({
      description: "Other spellings that input may use; case, spaces and punctuation do not matter.",
      resolve: (sampler) => [...sampler.aliases],
    }),
    stochastic: t.exposeBoolean("stochastic", { description: "Whether it draws new noise at every step." }),
    callsPerStep: t.exposeInt("callsPerStep", { description: "Denoiser calls that one step costs." }),
    schedules: t.stringList({
      description: "The noise schedules that it can follow; the first is its default.",
      resolve: (sampler) => [...sampler.schedules],
    }),
  }),
});

const ModelState = builder.enumType("ModelState", {
  description: "Whether a model can be used.",
  values: {
    READY: { description: "It can be used; it loads on first use." },
    LOADED: { description: "It is in memory." },
    REFUSED: { description: "Its folder cannot be used; `refusal` says why." },
  } as const,
});

/** The families that there are. */
export const ModelFamilyEnum = builder.enumType("ModelFamily", {
  description: "The generation of Stable Diffusion whose parts a model has.",
  values: Object.fromEntries(FAMILIES.map(({ name, description }) => [name, { description }])) as Record<
    ModelFamily,
    { readonly description: string }
  >,
});

const DistillationEnum = builder.enumType("Distillation", {
  description: "How a model was made to need few steps.",
  values: {
    NONE: { description: "Not at all." },
    TURBO: { description: "By adversarial or progressive distillation: few steps, no guidance." },
    LCM: { description: "To consistency: few steps." },
  } as const,
});

const PredictionEnum = builder.enumType("PredictionType", {
  description: "What a denoiser predicts.",
  values: {
    EPSILON: { value: "epsilon", description: "The noise." },
    V_PREDICTION: { value: "v_prediction", description: "The velocity between picture and noise." },
    SAMPLE: { value: "sample", description: "The picture itself." },
  } as const,
});

const Capabilities = builder.objectRef<UsableModel>("ModelCapabilities").implement({
  description: "What a model is and accepts.",
  fields: (t) => ({
    family: t.field({ type: ModelFamilyEnum, description: "Its family.", resolve: (m) => m.capabilities.family }),
    distillation: t.field({
      type: DistillationEnum,
      description: "How it was made to need few steps.",
      resolve: (m) => m.capabilities.distillation,
    }),
    predictionType: t.field({
      type: PredictionEnum,
      description: "What it predicts.",
      resolve: (m) => m.capabilities.predictionType,
    }),
    textEncoders: t.int({ description: "How many text encoders it has.", resolve: (m) => m.capabilities.textEncoders }),
    levels: t.int({ description: "Resolution levels of its UNet.", resolve: (m) => m.capabilities.levels }),
    nativeSize: t.int({
      description: "The picture edge in pixels that it was trained for, and the default width and height.",
      resolve: (m) => m.capabilities.nativeSize,
    }),
    sizeMultiple: t.int({
      description: "Widths and heights must be multiples of this many pixels.",
      resolve: (m) => m.capabilities.sizeMultiple,
    }),
    supportsNegativePrompt: t.boolean({
      description: "Whether negative prompts have an effect at its default guidance.",
      resolve: (m) => m.capabilities.supportsNegativePrompt,
    }),
    supportsRegionGuidance: t.boolean({
      description: "Whether regions may have guidance scales of their own in attention mode.",
      resolve: (m) => !m.capabilities.guidanceEmbedded,
    }),
    startsFromPictures: t.boolean({
      description: "Whether it can start from a picture: its folder has the encoder of its autoencoder.",
      resolve: (m) => m.encoder,
    }),
    inpainting: t.boolean({
      description: "Whether it is an inpainting model, which always takes a picture and a mask.",
      resolve: (m) => inpaintingChannels(m.config) > 0,
    }),
    hasTinyAutoencoder: t.boolean({
      description: "Whether previews can be made by its tiny autoencoder.",
      resolve: (m) => m.tinyDecoder,
    }),
    defaultSteps: t.int({ description: "Steps where a request names none.", resolve: (m) => m.defaults.steps }),
    defaultGuidanceScale: t.float({
      description: "Guidance where a request names none.",
      resolve: (m) => m.defaults.guidanceScale,
    }),
  }),
});

const ModelFileRef = builder.objectRef<ModelFile & { readonly model: string }>("ModelFile").implement({
  description: "A file of a model's folder.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "Its path in the folder, with `/`." }),
    bytes: t.exposeFloat("bytes", { description: "Its size." }),
    sha256: t.exposeString("sha256", { description: "The SHA-256 of what is in it, 64 lower-case hex digits." }),
    url: t.string({
      description: "Where to fetch it, as a path on this server. The same path never stands for other bytes.",
      resolve: (file, _args, { services }) => services.urls.modelFile(file),
    }),
  }),
});

/** The model type; generations refer to it. */
export const Model = builder.objectRef<CatalogEntry>("Model").implement({
  description: "A text-to-image model in the models folder.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The name to use in input: the folder's name." }),
    state: t.field({
      description: "Whether it can be used, judged by its config files and its graphs.",
      type: ModelState,
      resolve: async (model, _args, { services }) => {
        if (await refusal(model, services) !== null) return "REFUSED";
        return services.compute.loaded.has(model.name) ? "LOADED" : "READY";
      },
    }),
    hasWorker: t.boolean({
      description:
        "Whether any worker that runs now can paint with it; null where nobody knows. Requests are accepted all the same: they wait until one comes.",
      nullable: true,
      resolve: ({ name }, _args, { services }) => hasWorker(name, services.workers),
    }),
    refusal: t.string({
      description: "Why it cannot be used; null if it can.",
      nullable: true,
      resolve: (model, _args, { services }) => refusal(model, services),
    }),
    memoryBytes: t.float({
      description: "Estimated bytes of memory that it takes once loaded, for a picture of its native size.",
      nullable: true,
      resolve: async (model, _args, { services }) => {
        if (!("config" in model)) return null;
        const inspection = await services.catalog.inspect(model.name);
        return inspection.usable ? inspection.memoryBytes : null;
      },
    }),
    capabilities: t.field({
      description: "What it is and accepts; null if it cannot be used.",
      type: Capabilities,
      nullable: true,
      resolve: (model) => "config" in model ? model : null,
    }),
    promptTokens: t.int({
      description: "Tokens of one prompt chunk, start and end marks included. Longer prompts take several chunks.",
      nullable: true,
      resolve: (model) =>
        "config" in model ? model.config.textEncoders[0]?.config.max_position_embeddings ?? null : null,
    }),
    embeddings: t.field({
      description: "The textual inversion embeddings in its folder, also those that cannot be used, by name.",
      type: [EmbeddingRef],
      resolve: (model, _args, { services }) => "config" in model ? [...services.catalog.embeddings(model.config)] : [],
    }),
    fileBytes: t.float({
      description: "Bytes of its graphs and weights on disk.",
      nullable: true,
      resolve: (model) => "config" in model ? model.bytes : null,
    }),
    files: t.field({
      description:
        "Its files, for clients that compute by themselves; null where the server keeps them to itself (`PARTERRE_MODEL_FILES`), or the model cannot be used. Reading large ones for their hashes takes seconds, once.",
      type: [ModelFileRef],
      nullable: true,
      resolve: async ({ name, ...model }, _args, { services: { catalog, sharesModels } }) => {
        if (!sharesModels || !("config" in model)) return null;
        return (await catalog.files(name)).map((file) => ({ ...file, model: name }));
      },
    }),
    defaultSampler: t.field({
      description: "The sampler of its own scheduler file; null where that is none that this server has.",
      type: Sampler,
      nullable: true,
      resolve: (model) => "config" in model ? samplerOfFolder(model.config.scheduler) : null,
    }),
  }),
});

async function refusal(model: CatalogEntry, { catalog }: Services): Promise<string | null> {
  if (!("config" in model)) return model.refused;
  const inspection = await catalog.inspect(model.name);
  return inspection.usable ? null : inspection.refused;
}

builder.queryFields((t) => ({
  models: t.field({
    description: "Every model folder, also those that cannot be used, by name.",
    type: [Model],
    resolve: (_root, _args, { services }) => [...services.catalog.list()],
  }),
  model: t.field({
    description: "One model by name; null if there is none of that name.",
    type: Model,
    nullable: true,
    args: { name: t.arg.string({ required: true, description: "The folder's name." }) },
    resolve: (_root, { name }, { services }) => services.catalog.find(name),
  }),
  samplers: t.field({
    description: "Every sampler that input may name.",
    type: [Sampler],
    resolve: () => [...samplers],
  }),
}));
