/** Saved layouts and their versions: reading them. */

import type { LayoutVersion, SavedLayout as SavedLayoutRecord } from "../../store/layouts.ts";
import { InvalidInputError } from "../../errors.ts";
import { builder } from "../builder.ts";
import { forwardPage } from "../forward_pages.ts";
import type { Services } from "../services.ts";
import { LayoutType } from "./layout.ts";

/** The type of saved layouts. */
export const SavedLayout = builder.objectRef<SavedLayoutRecord>("SavedLayout");

/** The type of their versions. */
export const SavedLayoutVersion = builder.objectRef<LayoutVersion>("SavedLayoutVersion");

builder.node(SavedLayout, {
  description: "A layout that is kept under a name. Every change of what it says is a version of its own.",
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === "object" && value !== null && "deletedAt" in value,
  loadOne: (id, { services }) => services.layouts.get(id),
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name; others may have the same." }),
    version: t.exposeInt("version", { description: "The latest version; versions count from 1." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was saved first.",
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    updatedAt: t.field({
      type: "DateTime",
      description: "When it last got a version or another name, or was deleted.",
      resolve: ({ updatedAt }) => new Date(updatedAt),
    }),
    deletedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was deleted; null unless it was. What a deleted layout says stays readable.",
      resolve: ({ deletedAt }) => deletedAt === null ? null : new Date(deletedAt),
    }),
    layout: t.field({
      type: LayoutType,
      description: "What it says now.",
      resolve: async ({ id, version }, _args, { services }) => (await theVersion(services, id, version)).layout,
    }),
    atVersion: t.field({
      type: SavedLayoutVersion,
      nullable: true,
      description: "One of its versions; null if there is none of that number.",
      args: { version: t.arg.int({ required: true, description: "The version's number, from 1." }) },
      resolve: ({ id }, { version }, { services }) => services.layouts.version(id, version),
    }),
    versions: t.connection(
      {
        type: SavedLayoutVersion,
        description: "All of its versions, the latest first.",
        resolve: ({ id }, args, { services }) =>
          forwardPage("versions", args, async ({ first, after }) => {
            const options = { first, ...(after === undefined ? {} : { before: readVersionCursor(after) }) };
            const { items, hasNextPage } = await services.layouts.versions(id, options);
            return { edges: items.map((node) => ({ cursor: String(node.version), node })), hasNextPage };
          }),
      },
      { name: "SavedLayoutVersionConnection", description: "A page of versions." },
      { name: "SavedLayoutVersionEdge", description: "A version in a page." },
    ),
  }),
});

builder.node(SavedLayoutVersion, {
  description: "What a saved layout said at one time. It never changes, and is never removed.",
  id: { resolve: ({ layoutId, version }) => `${layoutId}:${version}` },
  isTypeOf: (value) => typeof value === "object" && value !== null && "layoutId" in value && "layout" in value,
  loadOne: (id, { services }) => {
    const [, layoutId, version] = /^([^:]+):([1-9]\d{0,8})$/.exec(id) ?? [];
    return layoutId === undefined ? null : services.layouts.version(layoutId, Number(version));
  },
  fields: (t) => ({
    version: t.exposeInt("version", { description: "Its number: 1, 2, 3, ..." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was saved.",
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    layout: t.field({ type: LayoutType, description: "What it says.", resolve: ({ layout }) => layout }),
    savedLayout: t.field({
      type: SavedLayout,
      description: "The layout that it is a version of.",
      resolve: async ({ layoutId }, _args, { services }) => {
        const saved = await services.layouts.get(layoutId);
        if (saved === null) throw new Error(`Version of layout ${layoutId}, which is missing`);
        return saved;
      },
    }),
  }),
});

/** Names a version of a saved layout. */
export const SavedLayoutInput = builder.inputType("SavedLayoutInput", {
  description: "A version of a saved layout.",
  fields: (t) => ({
    id: t.globalID({ required: true, for: SavedLayout, description: "The saved layout's id." }),
    version: t.int({ description: "Default: the latest." }),
  }),
});

builder.queryFields((t) => ({
  layout: t.field({
    description: "One saved layout, also a deleted one; null if there is none with this id.",
    type: SavedLayout,
    nullable: true,
    args: { id: t.arg.globalID({ required: true, for: SavedLayout, description: "The saved layout's id." }) },
    resolve: (_root, { id }, { services }) => services.layouts.get(id.id),
  }),
  layouts: t.connection(
    {
      description: "Every saved layout that is not deleted, the latest changed first.",
      type: SavedLayout,
      args: { name: t.arg.string({ description: "Only those whose names contain this, whatever the case." }) },
      resolve: (_root, { name, ...args }, { services }) =>
        forwardPage("layouts", args, async (options) => {
          const named = name === null || name === undefined ? {} : { name };
          const { items, hasNextPage } = await services.layouts.list({ ...options, ...named });
          return { edges: items.map(({ cursor, saved }) => ({ cursor, node: saved })), hasNextPage };
        }),
    },
    { name: "SavedLayoutConnection", description: "A page of saved layouts." },
    { name: "SavedLayoutEdge", description: "A saved layout in a page." },
  ),
}));

async function theVersion({ layouts }: Pick<Services, "layouts">, id: string, version: number): Promise<LayoutVersion> {
  const kept = await layouts.version(id, version);
  if (kept === null) throw new Error(`Version ${version} of layout ${id} is missing`);
  return kept;
}

function readVersionCursor(cursor: string): number {
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor);
  throw new InvalidInputError("INVALID_VALUE", ["after"], cursor, "must be the cursor of a version");
}
