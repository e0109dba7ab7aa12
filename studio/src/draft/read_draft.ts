/** A draft out of data that may be anything: of another version of the page, or written by hand. */

import type { Draft, DraftOrigin } from "./draft.ts";
import { misfit } from "./fits_input.ts";

/** The draft; undefined if it is none that this page can show. */
export function readDraft(value: unknown): Draft | undefined {
  if (!isObject(value)) return undefined;
  const { layout, settings, origin = null } = value;
  if (!isObject(layout) || !isObject(settings) || !(origin === null || isOrigin(origin))) return undefined;
  const { regions } = layout;
  if (!Array.isArray(regions) || !regions.every(isNamed)) return undefined;
  if (misfit({ ...settings, layout }, "GenerateInput") !== null) return undefined;
  return { layout, settings, origin } as unknown as Draft;
}

/** The texts that every region has in the editor. */
function isNamed(region: unknown): boolean {
  return isObject(region) && ["key", "name", "prompt"].every((name) => typeof region[name] === "string");
}

function isOrigin(value: unknown): value is DraftOrigin {
  if (!isObject(value)) return false;
  const { id, version, name } = value;
  return typeof id === "string" && typeof version === "number" && typeof name === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
