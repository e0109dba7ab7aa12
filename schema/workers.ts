/** The workers, for administrators. */

import type { Painting, WorkerModel, WorkerReport } from "../jobs/workers.ts";
import { builder, globalId } from "./builder.ts";

const WorkerModelType = builder.objectRef<WorkerModel>("WorkerModel").implement({
  description: "A model that a worker can paint with.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The model's name." }),
    loaded: t.exposeBoolean("loaded", { description: "Whether it is in memory; else it loads on its first use." }),
    predictionMsPerMegapixel: t.exposeFloat("predictionMsPerMegapixel", {
      nullable: true,
      description:
        "Milliseconds that one prediction takes for each million of pixels, as measured of late; null until one was. A guided step of a plain picture takes two predictions.",
    }),
  }),
});

const PaintingType = builder.objectRef<Painting>("WorkerPainting").implement({
  description: "What a worker paints.",
  fields: (t) => ({
    generationId: t.id({
      description: "The generation's global id.",
      resolve: ({ generationId }) => globalId("Generation", generationId),
    }),
    step: t.exposeInt("step", { description: "Steps completed, as it said last." }),
    since: t.field({ type: "DateTime", description: "When it began.", resolve: ({ since }) => new Date(since) }),
  }),
});

const WorkerType = builder.objectRef<WorkerReport>("Worker").implement({
  description: "A process that paints, by what it says of itself.",
  fields: (t) => ({
    id: t.exposeString("id", { description: "Its name, as in logs." }),
    version: t.exposeString("version", { description: "Its version of Parterre." }),
    provider: t.exposeString("provider", { description: "`wasm`, `webgpu` or `native`." }),
    engine: t.exposeString("engine", { description: "Engine and version." }),
    threads: t.exposeInt("threads", { description: "Threads that one run uses." }),
    memoryBudgetBytes: t.float({
      description: "Bytes that its loaded models may take together.",
      resolve: ({ memoryBudget }) => memoryBudget,
    }),
    memoryUsedBytes: t.float({
      description: "Bytes that its process takes, as it said last.",
      resolve: ({ memoryUsed }) => memoryUsed,
    }),
    models: t.field({
      type: [WorkerModelType],
      description: "The models that it can paint with, by name.",
      resolve: ({ models }) => [...models],
    }),
    painting: t.field({
      type: PaintingType,
      nullable: true,
      description: "What it paints; null while it waits.",
      resolve: ({ painting }) => painting,
    }),
    aiding: t.id({
      nullable: true,
      description:
        "The global id of the generation that it helps another worker with, by computing parts of it; it leaves for one of its own. Null while it helps nobody.",
      resolve: ({ aiding }) => aiding && globalId("Generation", aiding),
    }),
    startedAt: t.field({
      type: "DateTime",
      description: "When it started.",
      resolve: ({ startedAt }) => new Date(startedAt),
    }),
    reportedAt: t.field({ type: "DateTime", description: "When it said all this.", resolve: ({ at }) => new Date(at) }),
  }),
});

builder.queryField("workers", (t) =>
  t.field({
    description:
      "The processes that paint, by id: those that have said something within 15 seconds, or this server itself where it works alone.",
    type: [WorkerType],
    authScopes: { admin: true },
    resolve: async (_root, _args, { services }) => [...await services.workers.list()],
  }));
