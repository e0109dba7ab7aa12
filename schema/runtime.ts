/** The provider that computes. */

import type { RuntimeInfo } from "../compute/runtime/runtime.ts";
import { builder } from "./builder.ts";

const Runtime = builder.objectRef<RuntimeInfo>("Runtime").implement({
  description: "The inference provider that this server computes with.",
  fields: (t) => ({
    provider: t.exposeString("provider", { description: "`wasm`, `webgpu` or `native`." }),
    threads: t.exposeInt("threads", { description: "Threads that one run uses." }),
    engine: t.exposeString("engine", { description: "Engine and version." }),
    reason: t.exposeString("reason", { description: "Why this provider was chosen, in a sentence." }),
  }),
});

builder.queryField("runtime", (t) =>
  t.field({
    description: "What computes here, and why.",
    type: Runtime,
    resolve: (_root, _args, { services }) => services.runtime,
  }));
