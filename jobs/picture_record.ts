/** What a picture's file says of how it was painted. */

import { samplers } from "../compute/sampler/registry.ts";
import { writeParameters } from "../layout/adapters/a1111/export.ts";
import type { Made } from "./made.ts";
import type { GenerationRequest } from "./request.ts";

/** A request with what painted it: all that the same picture takes. Masks and images are named by their hashes in it. */
export interface PictureRecord extends GenerationRequest {
  readonly made: Made;
}

/** Characters of a web UI's text beyond which a file goes without: JPEG has no room for much more. */
const MAX_PARAMETERS = 32_000;

/**
 * Texts by keyword for the file: `parterre` holds the record as JSON; `parameters` says what a web UI can be told, unless
 * that takes more than 32,000 characters, or has some that no file can hold: U+0000, or a half of a surrogate pair.
 */
export function pictureTexts(request: GenerationRequest, made: Made): Readonly<Record<string, string>> {
  const record: PictureRecord = { ...request, made };
  const parameters = writeParameters(request.layout, {
    steps: request.steps,
    sampler: samplers.find(({ name }) => name === request.sampler)?.label ?? request.sampler,
    schedule: request.schedule,
    guidanceScale: request.guidanceScale,
    seed: request.seed,
    width: request.width,
    height: request.height,
    clipSkip: request.clipSkip ?? 1,
    loras: request.loras ?? [],
    model: request.model,
    modelHash: made["model"] ?? null,
    latent: request.mode === "latent",
    version: `Parterre ${made["version"]}`,
  });
  return {
    Software: "Parterre",
    parterre: json(record),
    ...(isHoldable(parameters) && parameters.length <= MAX_PARAMETERS ? { parameters } : {}),
  };
}

/** JSON that XML can hold as well: the two characters that it lacks are written as escapes. */
function json(record: PictureRecord): string {
  return JSON.stringify(record).replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

function isHoldable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
