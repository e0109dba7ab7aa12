/** What differs between two versions of saved layouts. */

import { InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import { diffLayouts, type LayoutChange } from "../../layout/diff.ts";
import type { LayoutStore, LayoutVersion } from "../../store/layouts.ts";
import { builder } from "../builder.ts";
import { NotFoundError } from "../errors.ts";
import { SavedLayoutInput, SavedLayoutVersion } from "./saved_layout.ts";

const LayoutChangeKind = builder.enumType("LayoutChangeKind", {
  description: "How something differs.",
  values: {
    ADDED: { description: "It is in `to` only." },
    REMOVED: { description: "It is in `from` only." },
    CHANGED: { description: "It is in both, and not the same." },
  } as const,
});

const LayoutChangeRef = builder.objectRef<LayoutChange>("LayoutChange").implement({
  description: "One difference between two layouts. Regions are the same if they have the same name.",
  fields: (t) => ({
    kind: t.field({ type: LayoutChangeKind, description: "How it differs.", resolve: ({ kind }) => kind }),
    path: t.stringList({
      description:
        'What differs, outermost first: `["overlap"]`, `["regions", "fox"]` for a whole region, `["regions", "fox", "weight"]`, or `["regions"]` for the order of the regions.',
      resolve: ({ path }) => [...path],
    }),
    region: t.exposeString("region", {
      nullable: true,
      description: "The name of the region that it is about; null for the layout as a whole.",
    }),
    before: t.field({
      type: "JSON",
      nullable: true,
      description: "The value in `from`, in the form of `LayoutInput`; null if there was none.",
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: "JSON",
      nullable: true,
      description: "The value in `to`, in the form of `LayoutInput`; null if there is none.",
      resolve: ({ after }) => after,
    }),
  }),
});

const LayoutDiff = builder.objectRef<{ readonly from: LayoutVersion; readonly to: LayoutVersion }>("LayoutDiff")
  .implement({
    description: "What turns one layout into another.",
    fields: (t) => ({
      from: t.field({ type: SavedLayoutVersion, description: "The one layout.", resolve: ({ from }) => from }),
      to: t.field({ type: SavedLayoutVersion, description: "The other layout.", resolve: ({ to }) => to }),
      changes: t.field({
        type: [LayoutChangeRef],
        description:
          "Every difference, none between equal layouts: fields of the layout first, then regions that went, then those that came or changed, last their order.",
        resolve: ({ from, to }) => [...diffLayouts(from.layout, to.layout)],
      }),
    }),
  });

builder.queryField("layoutDiff", (t) =>
  t.field({
    description: "What differs between two versions of a saved layout, or of two.",
    type: LayoutDiff,
    errors: {
      types: [InvalidInputErrors, NotFoundError],
      union: { name: "LayoutDiffResult", description: "The differences, or why they cannot be told." },
    },
    args: {
      from: t.arg({ type: SavedLayoutInput, required: true, description: "The one version." }),
      to: t.arg({ type: SavedLayoutInput, required: true, description: "The other version." }),
    },
    resolve: async (_root, { from, to }, { services: { layouts } }) => ({
      from: await find(layouts, from, "from"),
      to: await find(layouts, to, "to"),
    }),
  }));

async function find(
  layouts: LayoutStore,
  { id: { id }, version }: { readonly id: { readonly id: string }; readonly version?: number | null | undefined },
  argument: string,
): Promise<LayoutVersion> {
  const saved = await layouts.get(id);
  if (saved === null) throw new NotFoundError(id, "SavedLayout");
  const kept = await layouts.version(id, version ?? saved.version);
  if (kept !== null) return kept;
  const rule = `must be from 1 to ${saved.version}`;
  throw new InvalidInputErrors([new InvalidInputError("OUT_OF_RANGE", [argument, "version"], version, rule)]);
}
