/** The provider that computes. */

import type { ComputeView, RejectedProvider } from "../../compute/runtime/runtime.ts";
import { withoutPaths } from "../../paths.ts";
import { builder } from "../builder.ts";

const RejectedProviderType = builder.objectRef<RejectedProvider>("RejectedProvider").implement({
  description: "An inference provider that was tried and not taken.",
  fields: (t) => ({
    provider: t.exposeString("provider", { description: "`wasm`, `webgpu` or `native`." }),
    reason: t.string({
      description: "Why it was not taken, in a sentence.",
      resolve: ({ reason }) => withoutPaths(reason),
    }),
  }),
});

const Runtime = builder.objectRef<ComputeView["runtime"]>("Runtime").implement({
  description: "The inference provider that computes for this server.",
  fields: (t) => ({
    provider: t.exposeString("provider", {
      description: "`wasm`, `webgpu` or `native`; `none` where workers compute and none is there.",
    }),
    threads: t.exposeInt("threads", { description: "Threads that one run uses." }),
    engine: t.exposeString("engine", { description: "Engine and version." }),
    reason: t.string({
      description: "Why this provider was chosen, in a sentence.",
      resolve: ({ reason }) => withoutPaths(reason),
    }),
    adapter: t.exposeString("adapter", {
      description: "The GPU, in its driver's words; null where none computes.",
      nullable: true,
    }),
    rejected: t.field({
      description: "Providers that were tried before this one, or that failed while they computed, in that order.",
      type: [RejectedProviderType],
      resolve: (runtime) => [...runtime.rejected],
    }),
  }),
});

builder.queryField("runtime", (t) =>
  t.field({
    description: "What computes here, and why.",
    type: Runtime,
    resolve: (_root, _args, { services }) => services.compute.runtime,
  }));
