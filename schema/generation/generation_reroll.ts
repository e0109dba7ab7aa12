/** Which regions of a picture were painted anew, as it is told. */

import type { Reroll } from "../../compute/pipeline/request.ts";
import { builder, globalId } from "../builder.ts";

const RerolledRegion = builder.objectRef<Reroll["regions"][number]>("RerolledRegion").implement({
  description: "A region that is painted anew.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The region's name." }),
    seed: t.field({ type: "Seed", description: "The seed of its new noise.", resolve: ({ seed }) => seed }),
  }),
});

/** A re-roll of a picture. */
export const GenerationReroll = builder.objectRef<Reroll>("GenerationReroll").implement({
  description: "Regions that are painted anew in a picture that is otherwise painted as before.",
  fields: (t) => ({
    of: t.id({
      nullable: true,
      description: "The id of the generation whose picture that was, which may be gone; null where it was a file.",
      resolve: ({ of }) => of === null ? null : globalId("Generation", of),
    }),
    regions: t.field({
      type: [RerolledRegion],
      description: "The regions, with the seeds of their new noise.",
      resolve: ({ regions }) => [...regions],
    }),
    lockRest: t.exposeBoolean("lockRest", {
      description: "Whether everything else is held at every step to what it was.",
    }),
  }),
});
