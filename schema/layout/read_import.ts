/** What `importLayout` reads, by the field that is set. */

import { InvalidInputErrors } from "../../errors.ts";
import { type GivenMask, readParameters } from "../../layout/adapters/a1111/parameters.ts";
import { type ComfyAreasInput, readComfyAreas } from "../../layout/adapters/comfyui/areas.ts";
import { type ComfyWorkflowInput, readComfyWorkflow } from "../../layout/adapters/comfyui/workflow.ts";
import { readInvokeMetadata } from "../../layout/adapters/invokeai/metadata.ts";
import { readKritaDocument } from "../../layout/adapters/krita_ai/document.ts";
import { readOmostCanvas } from "../../layout/adapters/omost/canvas.ts";
import { readPicture, type ReadText } from "../../layout/adapters/picture/picture.ts";
import type { Maybe } from "../../problems.ts";
import type { SchemaContext } from "../builder.ts";
import { seeMask } from "./seen_mask.ts";
import { readTextsOf } from "../texts_of_picture.ts";
import { turnOf } from "../turn.ts";

/** A text, and the image that it may have been divided by. */
interface Masked {
  readonly maskAsset?: Maybe<string>;
}

/** An input of which exactly one field is set. */
export interface ImportInput {
  readonly comfyAreas?: Maybe<ComfyAreasInput>;
  readonly comfyWorkflow?: Maybe<ComfyWorkflowInput>;
  readonly omost?: Maybe<{ readonly text: string }>;
  readonly parameters?: Maybe<{ readonly text: string } & Masked>;
  readonly invokeai?: Maybe<{ readonly json: string }>;
  readonly kritaAi?: Maybe<{ readonly json: string }>;
  readonly picture?: Maybe<{ readonly file: File } & Masked>;
}

/**
 * Reads an input.
 * @throws {InvalidInputErrors} for a picture that is too large, or is none; for a mask that does not decode.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
export async function readImport(input: ImportInput, context: SchemaContext): Promise<ReadText> {
  const { comfyAreas, comfyWorkflow, omost, parameters, invokeai, kritaAi, picture } = input;
  if (picture) return await readPictureInput(picture, context);
  const text = comfyAreas ? JSON.stringify(comfyAreas) : comfyWorkflow?.json ?? omost?.text ?? parameters?.text ??
    invokeai?.json ?? kritaAi?.json ?? "";
  turnOf(context).budget.spend("characters", text.length);
  if (comfyAreas) return { adaptation: readComfyAreas(comfyAreas, ["input", "comfyAreas"]), source: "COMFYUI" };
  if (comfyWorkflow) {
    return { adaptation: readComfyWorkflow(comfyWorkflow, ["input", "comfyWorkflow"]), source: "COMFYUI" };
  }
  if (parameters) {
    const path = ["input", "parameters"];
    const mask = await givenMask(parameters, path, context);
    const { adaptation, regional } = readParameters(text, [...path, "text"], mask);
    return { adaptation, source: regional ? "REGIONAL_PROMPTER" : "A1111" };
  }
  if (invokeai) return { adaptation: readInvokeMetadata(text, ["input", "invokeai", "json"]), source: "INVOKEAI" };
  if (kritaAi) return { adaptation: readKritaDocument(kritaAi, ["input", "kritaAi"]), source: "KRITA_AI" };
  return { adaptation: readOmostCanvas({ text }, ["input", "omost"]), source: "OMOST" };
}

async function readPictureInput(
  picture: { readonly file: File } & Masked,
  context: SchemaContext,
): Promise<ReadText> {
  const path = ["input", "picture", "file"];
  const mask = await givenMask(picture, ["input", "picture"], context);
  const read = readPicture(await readTextsOf(picture.file, path, context), path, mask);
  if ("problems" in read) throw new InvalidInputErrors(read.problems);
  return read;
}

/** The mask that is named, and what its image shows; null where none is. */
async function givenMask(
  { maskAsset }: Masked,
  path: readonly string[],
  context: SchemaContext,
): Promise<GivenMask | null> {
  if (maskAsset === null || maskAsset === undefined) return null;
  return { maskAsset, ...await seeMask(maskAsset, [...path, "maskAsset"], context) };
}
