/** An earlier generation on the canvas, and in the editor. */

import { signal } from "@preact/signals";
import { authorization } from "../api/key.ts";
import { client } from "../api/client.ts";
import {
  type AdaptedFragment,
  type GenerateInput,
  type GenerationFieldsFragment,
  GenerationInputFieldsDocument,
} from "../api/generated.ts";
import { edit } from "../draft/store.ts";
import { follow } from "../paint/follow.ts";
import { show } from "../paint/job.ts";
import { isOver } from "../paint/events.ts";
import { regenerate as paintAgain } from "../paint/paint.ts";
import { readPicture } from "../restore/restore.ts";
import { restoredDraft } from "../restore/restored_draft.ts";
import { failure } from "./generations.ts";
import { inputOfFields } from "./input_of_fields.ts";

/** What could not be said when the generation was opened in the editor last. */
export const warnings = signal<AdaptedFragment["warnings"]>([]);

/** Puts a generation onto the canvas; one that is not finished is followed. */
export async function look(generation: GenerationFieldsFragment): Promise<void> {
  await told(async () => put(generation, (await inputOf(generation)).input));
}

/** Puts a generation onto the canvas, and what it was asked for with into the editor. */
export async function openInEditor(generation: GenerationFieldsFragment): Promise<void> {
  await told(async () => {
    const { input, origin, warnings: found } = await inputOf(generation);
    edit(({ settings }) => ({ ...restoredDraft(input, settings), origin }));
    warnings.value = found;
    put(generation, input);
  });
}

/** Paints a finished picture once more, from its file. */
export async function regenerate(generation: GenerationFieldsFragment, allowDifferences: boolean): Promise<void> {
  await told(async () => {
    const [file, { input }] = [await fileOf(generation), await inputOf(generation)];
    await paintAgain(file, input, allowDifferences);
  });
}

/** The picture's file as the server keeps it, with what it says of itself. */
export async function fileOf({ image }: GenerationFieldsFragment): Promise<Blob> {
  if (!image?.url) throw new Error("This generation has no picture");
  const response = await fetch(image.url, { headers: authorization() });
  if (!response.ok) throw new Error(`The picture cannot be fetched: status ${response.status}`);
  return await response.blob();
}

function put(generation: GenerationFieldsFragment, input: GenerateInput): void {
  if (isOver(generation.status)) show({ generation, input });
  else follow({ generation, input });
}

interface Input {
  readonly input: GenerateInput;
  readonly origin: { readonly id: string; readonly version: number; readonly name: string } | null;
  readonly warnings: AdaptedFragment["warnings"];
}

/** What it was asked for with: its picture's file says all of it; without one, its fields say most. */
async function inputOf(generation: GenerationFieldsFragment): Promise<Input> {
  const { data, error } = await client.query(GenerationInputFieldsDocument, { id: generation.id }).toPromise();
  if (error !== undefined) throw error;
  const fields = data?.generation;
  if (!fields) throw new Error("It is not there any more");
  const saved = fields.savedLayout;
  const origin = saved === null ? null : { ...saved.savedLayout, version: saved.version };
  if (generation.image?.url) {
    const { input, warnings } = await readPicture(await fileOf(generation));
    return { input, origin, warnings };
  }
  return { input: inputOfFields(fields), origin, warnings: [] };
}

async function told(act: () => Promise<void>): Promise<void> {
  failure.value = null;
  try {
    await act();
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}
