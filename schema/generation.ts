/** Generations: asking for one, reading it, canceling it. */

import type { CancelOutcome } from "../jobs/queue.ts";
import type { Generation as GenerationRecord } from "../jobs/generation.ts";
import { InvalidInputError } from "../errors.ts";
import { withoutPaths } from "../paths.ts";
import { builder } from "./builder.ts";
import {
  IdempotencyConflictError,
  InvalidInputErrors,
  LaneLimitError,
  NotFinishedError,
  NotFoundError,
  QueueFullError,
} from "./errors.ts";
import { forwardPage } from "./forward_pages.ts";
import { Image, ImageFormatEnum } from "./image.ts";
import { LayoutType, RegionType } from "./layout.ts";
import { LayoutInput } from "./layout_input.ts";
import { Model } from "./model.ts";
import { Metrics, type MetricsRecord } from "./metrics.ts";
import { requireCoverage, resolveInput } from "./resolve_input.ts";
import { randomSeed, seedOfKey } from "./random_seed.ts";
import { SavedLayoutInput, SavedLayoutVersion } from "./saved_layout.ts";
import { BudgetExceededError, BusyError } from "./turn.ts";

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

/** The generation type. */
export const Generation = builder.objectRef<GenerationRecord>("Generation");

builder.node(Generation, {
  description: "One picture: what was asked, where it stands, what came of it.",
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === "object" && value !== null && "request" in value && "status" in value,
  loadOne: (id, { services }) => services.queue.get(id),
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
    width: t.int({ description: "Pixels.", resolve: ({ request }) => request.width }),
    height: t.int({ description: "Pixels.", resolve: ({ request }) => request.height }),
    steps: t.int({ description: "Steps in all.", resolve: ({ request }) => request.steps }),
    step: t.exposeInt("step", { description: "Steps completed." }),
    sampler: t.string({ description: "The sampler's name.", resolve: ({ request }) => request.sampler }),
    schedule: t.string({ description: "The noise schedule's name.", resolve: ({ request }) => request.schedule }),
    guidanceScale: t.float({ description: "Guidance.", resolve: ({ request }) => request.guidanceScale }),
    mode: t.field({
      type: RegionModeEnum,
      description: "Where its regions are kept apart.",
      resolve: ({ request }) => request.mode,
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
      description: "Estimated seconds until the picture is there, while it is painted; null where nobody knows.",
      resolve: ({ etaMs }) => etaMs === null ? null : etaMs / 1000,
    }),
    metrics: t.field({
      type: Metrics,
      nullable: true,
      description: "Where the time went; null unless SUCCEEDED.",
      resolve: ({ metrics }) => metrics as MetricsRecord | null,
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
      description: "The picture; null unless SUCCEEDED.",
      resolve: ({ id, image }, _args, { services }) =>
        image && {
          ...image,
          url: services.urls.image(image),
          bytes: async () => {
            const asset = await services.assets.get(image.assetKey);
            if (asset === null) throw new NotFoundError(id);
            return asset.bytes;
          },
        },
    }),
  }),
});

const PreviewMethodEnum = builder.enumType("PreviewMethod", {
  description: "How previews are made.",
  values: {
    LINEAR: { value: "linear", description: "By a linear map of the latents, at next to no cost." },
    AUTOENCODER: {
      value: "autoencoder",
      description: "By the model's tiny autoencoder, sharper, at the cost of a decode per step; where it has one.",
    },
  } as const,
});

const GenerateInput = builder.inputType("GenerateInput", {
  description: "What to paint.",
  fields: (t) => ({
    layout: t.field({
      type: LayoutInput,
      description: "Which prompt goes where. Exactly one of this and `savedLayout` is set.",
    }),
    savedLayout: t.field({
      type: SavedLayoutInput,
      description: "Or a saved layout, of which the generation keeps the version.",
    }),
    model: t.string({ description: "A model's name. Default: the first usable one." }),
    width: t.int({
      description:
        "Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size.",
    }),
    height: t.int({
      description:
        "Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size.",
    }),
    steps: t.int({ description: "Denoising steps. Default: the model's." }),
    sampler: t.string({ description: "Any name or alias from `samplers`. Default: the model's own." }),
    schedule: t.string({ description: "A noise schedule, for instance `karras`. Default: the model's own." }),
    guidanceScale: t.float({
      description: "How strongly prompts are followed, 0 to 100; 1 is none. Default: the model's.",
    }),
    guidanceStart: t.float({
      description: "Guide only from this fraction of the steps on; unguided steps cost half. Default 0.",
    }),
    guidanceEnd: t.float({ description: "Guide only up to this fraction of the steps. Default 1." }),
    previews: t.field({ type: PreviewMethodEnum, description: "How previews are made. Default LINEAR." }),
    seed: t.field({ type: "Seed", description: "Default: a random one, which the answer tells." }),
    mode: t.field({ type: RegionModeEnum, description: "Where regions are kept apart. Default ATTENTION." }),
    format: t.field({ type: ImageFormatEnum, description: "File format of the picture. Default PNG." }),
    priority: t.int({
      description:
        "Which of the caller's generations come first, -100 to 100: those with the highest. Other callers' turns are not affected. Default 0.",
    }),
    expiresAfterSeconds: t.float({
      description: "If it has not begun after so many seconds, up to 2592000 (30 days), it expires. Default: never.",
    }),
    idempotencyKey: t.string({
      description:
        "The same key with the same input gives the same generation, however often it is sent. 1 to 255 printable characters.",
    }),
  }),
});

/** Neither control characters nor line ends, nor what Unicode has not assigned. */
const IDEMPOTENCY_KEY = /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u;

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

builder.queryFields((t) => ({
  generation: t.field({
    description: "One generation; null if there is none with this id.",
    type: Generation,
    nullable: true,
    args: { id: t.arg.globalID({ required: true, for: Generation, description: "The generation's id." }) },
    resolve: (_root, { id }, { services }) => services.queue.get(id.id),
  }),
  generations: t.connection(
    {
      description: "Every generation, the latest first.",
      type: Generation,
      args: { status: t.arg({ type: GenerationStatusEnum, description: "Only those that stand here." }) },
      resolve: (_root, { status, ...args }, { services }) =>
        forwardPage("generations", args, async (options) => {
          const ofStatus = status === null || status === undefined ? {} : { status };
          const { items, hasNextPage } = await services.queue.list({ ...options, ...ofStatus });
          return { edges: items.map((node) => ({ cursor: node.id, node })), hasNextPage };
        }),
    },
    { name: "GenerationConnection", description: "A page of generations." },
    { name: "GenerationEdge", description: "A generation in a page." },
  ),
}));

builder.mutationFields((t) => ({
  generate: t.field({
    description: "Accepts a picture to be painted. The answer comes at once; follow it with `generationEvents`.",
    type: Generation,
    authScopes: { generate: true },
    errors: {
      types: [
        InvalidInputErrors,
        IdempotencyConflictError,
        QueueFullError,
        LaneLimitError,
        BudgetExceededError,
        BusyError,
      ],
      union: { name: "GenerateResult", description: "The accepted generation, or why there is none." },
    },
    args: { input: t.arg({ type: GenerateInput, required: true, description: "What to paint." }) },
    resolve: async (_root, { input }, context) => {
      const { services, retryAfter } = context;
      const turn = readTurn(input);
      const key = input.idempotencyKey ?? undefined;
      if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
        const rule = "must be 1 to 255 printable characters";
        throw new InvalidInputErrors([new InvalidInputError("INVALID_VALUE", ["input", "idempotencyKey"], key, rule)]);
      }
      const earlier = key === undefined ? null : await services.queue.findByKey(key);
      const seed = key === undefined ? randomSeed : () => seedOfKey(key);
      const resolved = await resolveInput(input, context, seed, earlier?.request);
      await requireCoverage(resolved, context);
      const options = { ...turn, ...(key === undefined ? {} : { idempotencyKey: key }) };
      try {
        return (await services.queue.enqueue(resolved.request, options)).generation;
      } catch (error) {
        if (error instanceof QueueFullError || error instanceof LaneLimitError) retryAfter(error.retryAfterMs);
        throw error;
      }
    },
  }),
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
      const generation = await services.queue.get(id);
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

/** The highest priority; the lowest is its negative. */
const MAX_PRIORITY = 100;

/** The longest time to a deadline, in seconds. */
const MAX_EXPIRY = 30 * 24 * 3600;

/**
 * When a generation's turn comes, as the input has it.
 * @throws {InvalidInputErrors}
 */
function readTurn({ priority, expiresAfterSeconds }: typeof GenerateInput.$inferInput): {
  priority: number;
  expiresAt?: number;
} {
  const problems: InvalidInputError[] = [];
  const refuse = (field: string, value: number, rule: string) =>
    problems.push(new InvalidInputError("OUT_OF_RANGE", ["input", field], value, rule));
  const chosen = priority ?? 0;
  if (Math.abs(chosen) > MAX_PRIORITY) refuse("priority", chosen, `must be from -${MAX_PRIORITY} to ${MAX_PRIORITY}`);
  const seconds = expiresAfterSeconds ?? null;
  if (seconds !== null && !(seconds > 0 && seconds <= MAX_EXPIRY)) {
    refuse("expiresAfterSeconds", seconds, `must be more than 0 and at most ${MAX_EXPIRY}`);
  }
  if (problems.length > 0) throw new InvalidInputErrors(problems);
  return { priority: chosen, ...(seconds === null ? {} : { expiresAt: Math.ceil(Date.now() + 1000 * seconds) }) };
}
