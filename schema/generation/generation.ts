/** Generations: what is told of them. */

import type { Generation as GenerationRecord, GenerationImage } from "../../jobs/generation.ts";
import { seedsOf, stepsInAll } from "../../jobs/pictures.ts";
import { withoutPaths } from "../../paths.ts";
import { builder } from "../builder.ts";
import { NotFoundError } from "../errors.ts";
import { forwardPage } from "../forward_pages.ts";
import { Image, type ImageSource } from "../image.ts";
import type { Services } from "../services.ts";
import { LayoutType, RegionType } from "../layout/layout.ts";
import { pictureLoras } from "../../layout/loras.ts";
import { LoraUseRef, RegionalLoraEnum } from "../model/lora_input.ts";
import { Model } from "../model/model.ts";
import { etaMs } from "./eta.ts";
import { Metrics, type MetricsRecord } from "./metrics.ts";
import { GenerationInit, GenerationVariation } from "./generation_init.ts";
import { RegionMask } from "./region_mask.ts";
import { GenerationReroll } from "./generation_reroll.ts";
import { GenerationSecondPass, GenerationWindows } from "./large_picture.ts";
import { SavedLayoutVersion } from "../layout/saved_layout.ts";

export const GenerationStatusEnum = builder.enumType("GenerationStatus", {
  description: "Where a generation stands.",
  values: {
    QUEUED: { description: "Accepted, waiting for its turn." },
    RUNNING: { description: "Being painted." },
    CANCELING: { description: "To be canceled at its next step." },
    SUCCEEDED: { description: "Finished; `image` is there." },
    FAILED: { description: "Not finished; `error` says why." },
    CANCELED: { description: "Canceled before it was finished." },
    EXPIRED: { description: "Not begun before its deadline." },
  } as const,
});

export const RegionModeEnum = builder.enumType("RegionMode", {
  description: "Where regions are kept apart.",
  values: {
    ATTENTION: {
      value: "attention",
      description: "Inside every cross-attention layer: one pass per step, whatever the number of regions.",
    },
    LATENT: { value: "latent", description: "Between whole predictions: one pass per step and region." },
  } as const,
});

const GenerationErrorRef = builder.objectRef<NonNullable<GenerationRecord["error"]>>("GenerationFailure").implement({
  description: "Why a generation failed.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Stable, machine-readable." }),
    message: t.string({ description: "In words.", resolve: ({ message }) => withoutPaths(message) }),
  }),
});

/** One picture of a generation. */
interface Picture {
  readonly generationId: string;
  readonly seed: number;
  readonly image: GenerationImage;
}

const GenerationPicture = builder.objectRef<Picture>("GenerationPicture").implement({
  description: "One of a generation's pictures.",
  fields: (t) => ({
    seed: t.field({ type: "Seed", description: "The seed that paints it alone.", resolve: ({ seed }) => seed }),
    image: t.field({
      type: Image,
      description: "The picture.",
      resolve: ({ generationId, image }, _args, { services }) => imageSource(generationId, image, services),
    }),
  }),
});

function imageSource(generationId: string, image: GenerationImage, { urls, assets }: Services): ImageSource {
  return {
    ...image,
    url: urls.image(image),
    bytes: async () => {
      const asset = await assets.get(image.assetKey);
      if (asset === null) throw new NotFoundError(generationId);
      return asset.bytes;
    },
  };
}

/** The generation type. */
export const Generation = builder.objectRef<GenerationRecord>("Generation");

builder.node(Generation, {
  description: "One picture: what was asked, where it stands, what came of it.",
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === "object" && value !== null && "request" in value && "status" in value,
  loadOne: (id, { services }) => services.generations.get(id),
  fields: (t) => ({
    status: t.field({ type: GenerationStatusEnum, description: "Where it stands.", resolve: ({ status }) => status }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was accepted.",
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    startedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When its latest attempt began; null while it waits.",
      resolve: ({ startedAt }) => startedAt === null ? null : new Date(startedAt),
    }),
    completedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it succeeded, failed, was canceled or expired.",
      resolve: ({ completedAt }) => completedAt === null ? null : new Date(completedAt),
    }),
    expiresAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it expires if it has not begun by then; null for never.",
      resolve: ({ expiresAt }) => expiresAt === null ? null : new Date(expiresAt),
    }),
    priority: t.exposeInt("priority", {
      description: "Which of the caller's generations come first: those with the highest.",
    }),
    model: t.field({
      type: Model,
      nullable: true,
      description: "The model; null if its folder is gone.",
      resolve: ({ request }, _args, { services }) => services.catalog.find(request.model),
    }),
    seed: t.field({
      type: "Seed",
      description: "The seed it uses, also where the input named none.",
      resolve: ({ request }) => request.seed,
    }),
    width: t.int({
      description: "Pixels, before any second pass.",
      resolve: ({ request }) => request.width,
    }),
    height: t.int({
      description: "Pixels, before any second pass.",
      resolve: ({ request }) => request.height,
    }),
    steps: t.int({
      description:
        "Steps that it takes, for all its pictures: those asked for, or from a picture the share that is its strength; with those of a second pass.",
      resolve: ({ request }) => stepsInAll(request),
    }),
    step: t.exposeInt("step", { description: "Steps completed." }),
    sampler: t.string({ description: "The sampler's name.", resolve: ({ request }) => request.sampler }),
    schedule: t.string({ description: "The noise schedule's name.", resolve: ({ request }) => request.schedule }),
    guidanceScale: t.float({ description: "Guidance.", resolve: ({ request }) => request.guidanceScale }),
    mode: t.field({
      type: RegionModeEnum,
      description: "Where its regions are kept apart.",
      resolve: ({ request }) => request.mode,
    }),
    modeUntil: t.float({
      description: "The part of the steps that `mode` is for; 1: all of them. Latent mode takes over then.",
      resolve: ({ request }) => request.modeUntil ?? 1,
    }),
    loras: t.field({
      type: [LoraUseRef],
      description: "LoRAs of the whole picture, those that prompts name included; regions have their own beside them.",
      resolve: ({ request }) => [...pictureLoras(request.layout, request.loras).whole],
    }),
    regionalLora: t.field({
      type: RegionalLoraEnum,
      description: "What becomes of layers of regions' LoRAs that act on more than a prompt.",
      resolve: ({ request }) => request.regionalLora ?? "CONTEXT_ONLY",
    }),
    clipSkip: t.int({
      description: "Which layer of the text encoders is read; 1 is the one that the model was trained with.",
      resolve: ({ request }) => request.clipSkip ?? 1,
    }),
    init: t.field({
      type: GenerationInit,
      nullable: true,
      description: "The picture that it starts from; null for noise.",
      resolve: ({ request }) => request.init ?? null,
    }),
    variation: t.field({
      type: GenerationVariation,
      nullable: true,
      description: "What its noise is turned towards; null for nothing.",
      resolve: ({ request }) => request.variation ?? null,
    }),
    rerolls: t.field({
      type: [GenerationReroll],
      description:
        "What of its regions was painted anew, the earliest first; each is of the picture of those before it.",
      resolve: ({ request }) => [...request.rerolls ?? []],
    }),
    windows: t.field({
      type: GenerationWindows,
      nullable: true,
      description: "What it is predicted by; null: as a whole.",
      resolve: ({ request }) => request.windows ?? null,
    }),
    secondPass: t.field({
      type: GenerationSecondPass,
      nullable: true,
      description: "Its second pass, which makes the picture larger than `width` and `height`; null for none.",
      resolve: ({ request }) => request.secondPass ?? null,
    }),
    basePrompt: t.string({ description: "The base prompt.", resolve: ({ request }) => request.layout.basePrompt }),
    regions: t.field({
      type: [RegionType],
      description: "Its regions.",
      resolve: ({ request }) => [...request.layout.regions],
    }),
    layout: t.field({
      type: LayoutType,
      description: "What it paints, however its layout was given.",
      resolve: ({ request }) => request.layout,
    }),
    savedLayout: t.field({
      type: SavedLayoutVersion,
      nullable: true,
      description: "The version of the saved layout that it was asked for with; null if the layout was sent.",
      resolve: ({ request: { savedLayout } }, _args, { services }) =>
        savedLayout && services.layouts.version(savedLayout.id, savedLayout.version),
    }),
    attempts: t.exposeInt("attempts", { description: "How often a worker has begun it." }),
    queuePosition: t.int({
      nullable: true,
      description: "How many generations come before it, 0 if it is next; null when it is not waiting.",
      resolve: ({ id, status }, _args, { services }) => status === "QUEUED" ? services.queue.position(id) : null,
    }),
    etaSeconds: t.float({
      nullable: true,
      description:
        "Estimated seconds until the picture is there: while it waits, by the size and steps of what comes before it and of itself, and by how fast the workers that have its model paint; null where nobody knows.",
      resolve: async (generation, _args, { services }) => {
        const ms = await etaMs(generation, services);
        return ms === null ? null : ms / 1000;
      },
    }),
    metrics: t.field({
      type: Metrics,
      nullable: true,
      description: "Where the time went; null unless SUCCEEDED.",
      resolve: ({ metrics }) => metrics as MetricsRecord | null,
    }),
    regionMasks: t.field({
      type: [RegionMask],
      description:
        "Where regions lie that are found by words; empty without such regions, and until they are found in the latest attempt.",
      resolve: ({ regionMasks }) => [...regionMasks],
    }),
    error: t.field({
      type: GenerationErrorRef,
      nullable: true,
      description: "Why it failed; null unless FAILED.",
      resolve: ({ error }) => error,
    }),
    image: t.field({
      type: Image,
      nullable: true,
      description: "The picture, of several the first; null unless SUCCEEDED.",
      resolve: ({ id, image }, _args, { services }) => image && imageSource(id, image, services),
    }),
    count: t.int({ description: "How many pictures it is for.", resolve: ({ request }) => request.count ?? 1 }),
    pictures: t.field({
      type: [GenerationPicture],
      description: "All its pictures with their seeds; none unless SUCCEEDED.",
      resolve: ({ id, request, image, moreImages }) => {
        const seeds = seedsOf(request);
        const images = image === null ? [] : [image, ...moreImages];
        return images.map((each, i) => ({ generationId: id, seed: seeds[i] ?? request.seed, image: each }));
      },
    }),
  }),
});

builder.queryFields((t) => ({
  generation: t.field({
    description: "One generation; null if there is none with this id.",
    type: Generation,
    nullable: true,
    args: { id: t.arg.globalID({ required: true, for: Generation, description: "The generation's id." }) },
    resolve: (_root, { id }, { services }) => services.generations.get(id.id),
  }),
  generations: t.connection(
    {
      description: "Every generation, the latest first.",
      type: Generation,
      args: { status: t.arg({ type: GenerationStatusEnum, description: "Only those that stand here." }) },
      resolve: (_root, { status, ...args }, { services }) =>
        forwardPage("generations", args, async (options) => {
          const ofStatus = status === null || status === undefined ? {} : { status };
          const { items, hasNextPage } = await services.generations.list({ ...options, ...ofStatus });
          return { edges: items.map((node) => ({ cursor: node.id, node })), hasNextPage };
        }),
    },
    { name: "GenerationConnection", description: "A page of generations." },
    { name: "GenerationEdge", description: "A generation in a page." },
  ),
}));
