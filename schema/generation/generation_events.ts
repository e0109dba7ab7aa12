/** Following a generation live. */

import { GraphQLError } from "graphql";
import { quote } from "../../errors.ts";
import { previewEdge } from "../../image/preview_encoding.ts";
import { builder, type SchemaContext } from "../builder.ts";
import { NotFoundError } from "../errors.ts";
import { Generation, GenerationStatusEnum } from "./generation.ts";
import { Image, ImageFormatEnum, type ImageSource } from "../image.ts";
import { RegionMask } from "./region_mask.ts";
import { followGeneration } from "./follow_generation.ts";
import type { PreviewChoice, SubscriberEvent } from "./subscriber_event.ts";
import { ofItsField } from "../turn.ts";

type EventOf<T extends SubscriberEvent["type"]> = Extract<SubscriberEvent, { type: T }>;

const TYPE_NAMES: Readonly<Record<SubscriberEvent["type"], string>> = {
  SNAPSHOT: "GenerationSnapshotEvent",
  STATUS: "GenerationStatusEvent",
  PROGRESS: "GenerationProgressEvent",
  PREVIEW: "GenerationPreviewEvent",
  REGION_MASKS: "GenerationRegionMasksEvent",
  COMPLETED: "GenerationCompletedEvent",
};

const GenerationEvent = builder.interfaceRef<SubscriberEvent>("GenerationEvent").implement({
  description: "Something that happened to a generation.",
  resolveType: ({ type }) => TYPE_NAMES[type],
  fields: (t) => ({
    generationId: t.globalID({
      description: "The generation's id.",
      resolve: ({ generationId }) => ({ id: generationId, type: "Generation" }),
    }),
    sequence: t.exposeInt("sequence", {
      description: "Grows with every event of the generation. After a lost connection, pass the last one as `after`.",
    }),
    at: t.field({ type: "DateTime", description: "When it happened.", resolve: ({ at }) => new Date(at) }),
  }),
});

builder.objectRef<EventOf<"SNAPSHOT">>(TYPE_NAMES.SNAPSHOT).implement({
  description: "Always the first event: the generation as it stands. Every event after `sequence` follows.",
  interfaces: [GenerationEvent],
  fields: (t) => ({
    generation: t.field({ type: Generation, description: "As it stands.", resolve: ({ generation }) => generation }),
    latestPreview: t.field({
      type: Image,
      nullable: true,
      description: "The latest preview; null before the first step, and some minutes after the end.",
      resolve: ({ latest, ...event }, _args, context) => latest && previewImage({ ...event, ...latest }, context),
    }),
  }),
});

builder.objectRef<EventOf<"STATUS">>(TYPE_NAMES.STATUS).implement({
  description: "The status changed.",
  interfaces: [GenerationEvent],
  fields: (t) => ({
    status: t.field({ type: GenerationStatusEnum, description: "The new status.", resolve: ({ status }) => status }),
    reason: t.exposeString("reason", {
      description:
        "Why, where the status does not say it all. A status that is told once more, with a reason, says how an attempt begins: after which step of an earlier one, or anew.",
      nullable: true,
    }),
  }),
});

builder.objectRef<EventOf<"PROGRESS">>(TYPE_NAMES.PROGRESS).implement({
  description: "A step was completed.",
  interfaces: [GenerationEvent],
  fields: (t) => ({
    step: t.exposeInt("step", { description: "Steps completed." }),
    steps: t.exposeInt("steps", { description: "Steps in all." }),
    fraction: t.float({
      description: "Share of the steps completed, 0 to 1.",
      resolve: ({ step, steps }) => step / steps,
    }),
    etaSeconds: t.float({
      nullable: true,
      description: "Estimated seconds until the picture is there; null where nobody knows.",
      resolve: ({ etaMs }) => etaMs === null ? null : etaMs / 1000,
    }),
  }),
});

builder.objectRef<EventOf<"PREVIEW">>(TYPE_NAMES.PREVIEW).implement({
  description: "The picture as the model imagines it at this step.",
  interfaces: [GenerationEvent],
  fields: (t) => ({
    step: t.exposeInt("step", { description: "Steps completed." }),
    steps: t.exposeInt("steps", { description: "Steps in all." }),
    picture: t.int({
      description:
        "Which of the generation's pictures it shows, from 0. Several workers may paint several pictures at once: then it does not follow from `step`.",
      resolve: ({ picture }) => picture ?? 0,
    }),
    image: t.field({
      type: Image,
      description: "The preview, of the size and format that the subscription chose.",
      resolve: (event, _args, context) => previewImage(event, context),
    }),
  }),
});

builder.objectRef<EventOf<"REGION_MASKS">>(TYPE_NAMES.REGION_MASKS).implement({
  description: "Regions that are found by words have been found; from the next step on they paint.",
  interfaces: [GenerationEvent],
  fields: (t) => ({
    masks: t.field({
      type: [RegionMask],
      description: "Where they lie.",
      resolve: ({ masks }) => [...masks],
    }),
  }),
});

builder.objectRef<EventOf<"COMPLETED">>(TYPE_NAMES.COMPLETED).implement({
  description: "The last event: the generation succeeded, failed or was canceled.",
  interfaces: [GenerationEvent],
  fields: (t) => ({
    generation: t.field({
      type: Generation,
      description: "The generation, finished.",
      resolve: async ({ generationId, completed }) => {
        const generation = await completed();
        if (generation === null) throw new NotFoundError(generationId);
        return generation;
      },
    }),
  }),
});

/** Which previews a subscriber wants, and how. */
export const PreviewInput = builder.inputType("PreviewInput", {
  description: "Which previews a subscriber wants, and how.",
  fields: (t) => ({
    every: t.int({
      defaultValue: 1,
      description: "A preview every so many steps, and always at the last one; 0 for none.",
    }),
    maxEdge: t.int({
      defaultValue: 256,
      description:
        "Longest edge in pixels, 16 to 1024. Previews are enlarged at most fourfold: linear ones, with a pixel per latent cell, to half the picture's size where a cell is 8 pixels wide.",
    }),
    format: t.field({ type: ImageFormatEnum, defaultValue: "WEBP", description: "File format." }),
  }),
});

builder.subscriptionField("generationEvents", (t) =>
  t.field({
    description:
      "Follows a generation: first a snapshot, then every event after it, until it is completed. To return after a lost connection, pass the last `sequence` as `after`; pass 0 for everything from the start. Server-sent events have the sequence as their id, and `Last-Event-ID`, which an EventSource sends by itself, goes before `after`.",
    type: GenerationEvent,
    args: {
      id: t.arg.globalID({ required: true, for: Generation, description: "The generation's id." }),
      after: t.arg.int({ description: "Send the events after this sequence. Default: those after the snapshot." }),
      preview: t.arg({
        type: PreviewInput,
        description: "Which previews, and how. Default: all, WEBP, at most 256 pixels.",
      }),
    },
    subscribe: async (_root, { id: { id }, after, preview }, { services, lastEventId }) => {
      const generation = await services.generations.get(id);
      if (generation === null) throw badInput(new NotFoundError(id).message, "NOT_FOUND");
      const choice = previewChoice(preview);
      const latest = await services.events.latest(id);
      const given = lastEventId === null ? { name: "after", sequence: after ?? latest } : fromLastEvent(lastEventId);
      const { name, sequence } = given;
      if (!(sequence >= 0 && sequence <= latest)) {
        throw badInput(`${name} must be from 0 to ${latest}, the latest sequence, got ${sequence}`, "OUT_OF_RANGE");
      }
      return followGeneration(services, generation, sequence, choice);
    },
    resolve: (event) => event,
  }));

/** Where an EventSource that lost its connection goes on, whatever its address says. */
function fromLastEvent(lastEventId: string): { readonly name: string; readonly sequence: number } {
  const name = "Last-Event-ID";
  if (!/^\d{1,9}$/.test(lastEventId)) {
    throw badInput(`${name} must be the sequence of an event, got ${quote(lastEventId)}`, "INVALID_VALUE");
  }
  return { name, sequence: Number(lastEventId) };
}

function previewChoice(input: typeof PreviewInput.$inferInput | null | undefined): PreviewChoice {
  const every = input?.every ?? 1;
  const maxEdge = input?.maxEdge ?? 256;
  if (every < 0) throw badInput(`preview.every must be at least 0, got ${every}`, "OUT_OF_RANGE");
  if (maxEdge < 16 || maxEdge > 1024) {
    throw badInput(`preview.maxEdge must be from 16 to 1024, got ${maxEdge}`, "OUT_OF_RANGE");
  }
  return { every, maxEdge, format: input?.format ?? "WEBP" };
}

function badInput(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** A preview, encoded when the first subscriber asks for it. */
function previewImage(
  event: Pick<EventOf<"PREVIEW">, "generationId" | "sequence" | "width" | "height" | "pixels" | "preview">,
  context: SchemaContext,
): ImageSource {
  const { services, caller, signal } = context;
  const { generationId, sequence, preview: { maxEdge, format } } = event;
  const edge = previewEdge(event, maxEdge);
  const scale = edge / Math.max(event.width, event.height);
  // The socket's signal, not a budget: a subscription gets as many previews as it has steps.
  const file = () => ofItsField(context, services.previews.get(event, format, edge, { lane: caller.lane, signal }));
  return {
    width: Math.round(event.width * scale),
    height: Math.round(event.height * scale),
    format,
    url: services.urls.preview({ generationId, sequence, maxEdge, format }),
    bytes: async () => (await file()).bytes,
    dataUrl: async () => (await file()).dataUrl,
  };
}
