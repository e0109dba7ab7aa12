/** A draft of what a file or a text holds. */

import { type Draft, draftLayout, type DraftSettings } from "../draft/draft.ts";
import type { GenerateInput, LayoutInput } from "../api/generated.ts";

/**
 * The draft of an input of `generate`. Every setting comes from it, and those that it does not state have the server's
 * defaults; only a model, which files of other tools cannot name, stays as it was.
 */
export function restoredDraft(input: GenerateInput, before: DraftSettings): Draft {
  const { layout, savedLayout: _, idempotencyKey: _key, ...settings } = input;
  const model = settings.model ?? before.model;
  return {
    layout: draftLayout(withoutNulls(layout ?? {})),
    settings: typeof model === "string" ? { ...settings, model } : settings,
    origin: null,
  };
}

/** A layout's JSON, whose fields that are null say nothing. */
function withoutNulls(layout: LayoutInput): LayoutInput {
  return Object.fromEntries(Object.entries(layout).filter(([, value]) => value !== null));
}

/** The input that a JSON text of Parterre's is: a layout's, or a whole request's. */
export function ownInput({ $schema: _, ...value }: Readonly<Record<string, unknown>>): GenerateInput {
  return ("layout" in value ? value : { layout: value }) as GenerateInput;
}
