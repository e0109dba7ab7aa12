/** Saving layouts, changing, duplicating and deleting them. */

import { InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import {
  LayoutDeletedError,
  type LayoutUpdate,
  type SavedLayout as SavedLayoutRecord,
  UnknownLayoutError,
  VersionConflictError,
} from "../../store/layouts.ts";
import { builder } from "../builder.ts";
import { ErrorInterface, NotFoundError } from "../errors.ts";
import { LayoutInput } from "./layout_input.ts";
import { hasLayout, readLayout } from "./read_layout.ts";
import { SavedLayout } from "./saved_layout.ts";

/** The longest name in characters; more than any list shows. */
const MAX_NAME = 200;

builder.objectType(VersionConflictError, {
  name: "VersionConflictError",
  description: "Somebody else changed the layout first. Nothing was changed.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    expectedVersion: t.exposeInt("expectedVersion", { description: "The version that the change was made to." }),
    currentVersion: t.exposeInt("currentVersion", { description: "The latest version." }),
  }),
});

builder.objectType(LayoutDeletedError, {
  name: "LayoutDeletedError",
  description: "The layout was deleted. It can be read and duplicated, but not changed.",
  interfaces: [ErrorInterface],
});

const NAME = `1 to ${MAX_NAME} characters, none of them U+0000, not only spaces. Names need not be unique`;
const JSON_FORM = "the layout as JSON, for instance an exported file; its JSON Schema is at `/layout.schema.json`";

const SaveLayoutInput = builder.inputType("SaveLayoutInput", {
  description: "A layout to keep: exactly one of `layout` and `json` is set.",
  fields: (t) => ({
    name: t.string({ required: true, description: `Its name: ${NAME}.` }),
    layout: t.field({ type: LayoutInput, description: "What to keep." }),
    json: t.field({ type: "JSON", description: `Or ${JSON_FORM}.` }),
  }),
});

const UpdateLayoutInput = builder.inputType("UpdateLayoutInput", {
  description: "A change of a saved layout: another name, another layout, or both.",
  fields: (t) => ({
    id: t.globalID({ required: true, for: SavedLayout, description: "The saved layout's id." }),
    name: t.string({ description: `Its new name: ${NAME}. Default: as it is.` }),
    layout: t.field({ type: LayoutInput, description: "What it says from now on, as a whole. Default: as it is." }),
    json: t.field({ type: "JSON", description: `In place of \`layout\`: ${JSON_FORM}.` }),
    expectedVersion: t.int({
      description: "The version that was edited: if it is no longer the latest, nothing is changed. Default: any.",
    }),
  }),
});

const DuplicateLayoutInput = builder.inputType("DuplicateLayoutInput", {
  description: "A saved layout to copy.",
  fields: (t) => ({
    id: t.globalID({ required: true, for: SavedLayout, description: "The saved layout's id. It may be deleted." }),
    version: t.int({ description: "The version to copy. Default: the latest." }),
    name: t.string({
      description: `The copy's name: ${NAME}. Default: the name, shortened if it is long, then \` (copy)\`.`,
    }),
  }),
});

const UpdateLayoutPayload = builder.objectRef<{ readonly saved: SavedLayoutRecord; readonly versionMade: boolean }>(
  "UpdateLayoutPayload",
).implement({
  description: "What became of a change.",
  fields: (t) => ({
    savedLayout: t.field({ type: SavedLayout, description: "The layout now.", resolve: ({ saved }) => saved }),
    versionCreated: t.exposeBoolean("versionMade", {
      description: "Whether there is a new version: not if only the name changed, or if the layout was equal.",
    }),
  }),
});

builder.mutationFields((t) => ({
  saveLayout: t.field({
    description:
      "Keeps a layout under a name, as version 1 of a new saved layout. This is also how files are imported.",
    type: SavedLayout,
    authScopes: { layouts: true },
    errors: {
      types: [InvalidInputErrors],
      union: { name: "SaveLayoutResult", description: "The saved layout, or why it was not saved." },
    },
    args: { input: t.arg({ type: SaveLayoutInput, required: true, description: "What to keep." }) },
    resolve: (_root, { input }, { services }, { schema }) => {
      const { name, ...document } = input;
      return services.layouts.save(checkName(name), readLayout(document, services.limits, schema));
    },
  }),
  updateLayout: t.field({
    description: "Changes a saved layout. Another layout becomes its next version; an equal one changes nothing.",
    type: UpdateLayoutPayload,
    authScopes: { layouts: true },
    errors: {
      types: [InvalidInputErrors, NotFoundError, LayoutDeletedError, VersionConflictError],
      union: { name: "UpdateLayoutResult", description: "What became of the change, or why there was none." },
    },
    args: { input: t.arg({ type: UpdateLayoutInput, required: true, description: "The change." }) },
    resolve: (_root, { input }, { services }, { schema }) => {
      const { id: { id }, name, layout, json, expectedVersion } = input;
      const document = { layout, json };
      if (!hasLayout(document) && (name === null || name === undefined)) {
        throw invalid(["layout"], null, "must be set, or json or name: there is nothing to change");
      }
      const update: LayoutUpdate = {
        ...(name === null || name === undefined ? {} : { name: checkName(name) }),
        ...(hasLayout(document) ? { layout: readLayout(document, services.limits, schema) } : {}),
        ...(expectedVersion === null || expectedVersion === undefined ? {} : { expectedVersion }),
      };
      return found(services.layouts.update(id, update));
    },
  }),
  duplicateLayout: t.field({
    description: "Saves a copy of a saved layout, as version 1 of a new one.",
    type: SavedLayout,
    authScopes: { layouts: true },
    errors: {
      types: [InvalidInputErrors, NotFoundError],
      union: { name: "DuplicateLayoutResult", description: "The copy, or why there is none." },
    },
    args: { input: t.arg({ type: DuplicateLayoutInput, required: true, description: "What to copy." }) },
    resolve: async (_root, { input: { id: { id }, version, name } }, { services: { layouts } }) => {
      const original = await layouts.get(id);
      if (original === null) throw new NotFoundError(id, "SavedLayout");
      const kept = await layouts.version(id, version ?? original.version);
      if (kept === null) throw invalid(["version"], version, `must be from 1 to ${original.version}`, "OUT_OF_RANGE");
      return layouts.save(name === null || name === undefined ? copyName(original.name) : checkName(name), kept.layout);
    },
  }),
  deleteLayout: t.field({
    description:
      "Takes a saved layout off the lists. It cannot be changed any more, but generations made from it still show it. Asking again is harmless.",
    type: SavedLayout,
    authScopes: { layouts: true },
    errors: {
      types: [NotFoundError],
      union: { name: "DeleteLayoutResult", description: "The deleted layout, or why there is none." },
    },
    args: { id: t.arg.globalID({ required: true, for: SavedLayout, description: "The saved layout's id." }) },
    resolve: (_root, { id: { id } }, { services }) => found(services.layouts.delete(id)),
  }),
}));

/** @throws {InvalidInputErrors} if it is no name. */
/** Of a copy that was not given one. */
function copyName(name: string): string {
  const room = MAX_NAME - " (copy)".length;
  const characters = [...name];
  return `${characters.length <= room ? name : `${characters.slice(0, room - 1).join("")}…`} (copy)`;
}

function checkName(name: string): string {
  if (name.trim() === "") throw invalid(["name"], name, "must not be empty");
  if (name.includes("\0")) throw invalid(["name"], name, "must not contain the character U+0000");
  // Counted as people count them, by code point.
  const length = [...name].length;
  if (length <= MAX_NAME) return name;
  throw invalid(["name"], name, `must be at most ${MAX_NAME} characters, it has ${length}`, "OUT_OF_RANGE");
}

function invalid(
  field: readonly string[],
  value: unknown,
  rule: string,
  code: "INVALID_VALUE" | "OUT_OF_RANGE" = "INVALID_VALUE",
): InvalidInputErrors {
  return new InvalidInputErrors([new InvalidInputError(code, ["input", ...field], value, rule)]);
}

/** What a change of a layout came to; one that is unknown to the store is not found. */
async function found<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw error instanceof UnknownLayoutError ? new NotFoundError(error.layoutId, "SavedLayout") : error;
  }
}
