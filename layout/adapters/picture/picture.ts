/** A picture as a layout: by the text that its tool put into it. */

import type { FieldPath, InvalidInputError } from "../../../errors.ts";
import { type GivenMask, readParameters } from "../a1111/parameters.ts";
import { type Adaptation, type AdapterWarning, Findings } from "../adapted.ts";
import { readComfyWorkflow } from "../comfyui/workflow.ts";
import { readInvokeMetadata } from "../invokeai/metadata.ts";
import { readOwnRequest } from "../parterre/request.ts";
import { findTexts, type FoundText, type NamedText } from "./find_text.ts";
import type { ImportSource } from "./import_source.ts";

/** A text that was read, and whose it is. */
export interface ReadText {
  readonly adaptation: Adaptation;
  readonly source: ImportSource;
}

const LOOKED_FOR =
  "must carry the text of Parterre (parterre), ComfyUI (prompt, workflow), InvokeAI (invokeai_metadata) or a web UI " +
  '(parameters, or Exif\'s UserComment, with a line of "Steps: ...")';

/**
 * Reads a picture's texts. Of several that can be read, the first of these counts: Parterre's, ComfyUI's prompt, its
 * workflow, InvokeAI's, a web UI's; the others are named in a warning, as are texts of which nobody knows what they say.
 *
 * Total: any texts give a layout or problems. Their codes are those of the readers, and INVALID_VALUE where none can be read.
 *
 * @param path Where the picture stands in the caller's input; a text's findings stand at its keyword in it.
 * @param mask The image for a picture that was divided by one.
 */
export function readPicture(
  texts: readonly NamedText[],
  path: FieldPath,
  mask: GivenMask | null = null,
): ReadText | { readonly problems: readonly InvalidInputError[] } {
  const { found, others } = findTexts(texts);
  const [first, ...left] = found;
  if (first === undefined) {
    const findings = new Findings();
    const value = others.length > 0 ? `texts ${others.join(", ")}` : "no text";
    findings.problem("INVALID_VALUE", path, value, LOOKED_FOR);
    return { problems: findings.problems };
  }
  const { adaptation, source } = readText(first, [...path, first.keyword], mask);
  // Parterre writes a web UI's text beside its own, which says less of the same.
  const unread = first.kind === "PARTERRE" ? left.filter(({ kind }) => kind !== "A1111") : left;
  const warnings = [...warningsOf(first, unread, others, path)];
  if (mask !== null && first.kind !== "A1111") {
    const message = "only a web UI's picture is divided by a mask, so the image is not used";
    warnings.push({ code: "OPTION_UNUSED", message, path: [...path.slice(0, -1), "maskAsset"], position: null });
  }
  return { adaptation: withWarnings(adaptation, warnings), source };
}

function readText({ kind, text }: FoundText, at: FieldPath, mask: GivenMask | null): ReadText {
  switch (kind) {
    case "PARTERRE":
      return { adaptation: readOwnRequest(text, at), source: "PARTERRE" };
    case "COMFYUI_PROMPT":
    case "COMFYUI_WORKFLOW":
      return { adaptation: readComfyWorkflow({ json: text }, at), source: "COMFYUI" };
    case "INVOKEAI":
      return { adaptation: readInvokeMetadata(text, at), source: "INVOKEAI" };
    case "A1111": {
      const { adaptation, regional } = readParameters(text, at, mask);
      return { adaptation, source: regional ? "REGIONAL_PROMPTER" : "A1111" };
    }
  }
}

function warningsOf(
  first: FoundText,
  left: readonly FoundText[],
  others: readonly string[],
  path: FieldPath,
): readonly AdapterWarning[] {
  const findings = new Findings();
  if (left.length > 0) {
    const names = left.map(({ keyword }) => keyword).join(", ");
    const order = "Parterre's before ComfyUI's prompt, its workflow, InvokeAI's and a web UI's";
    const message = `${first.keyword} was read and not ${names}: of several texts ${order}`;
    findings.warn("TEXT_LEFT_OUT", path, message);
  }
  if (others.length > 0) {
    findings.warn(
      "TEXT_LEFT_OUT",
      path,
      `nobody knows what these texts say, so they were left out: ${others.join(", ")}`,
    );
  }
  return findings.warnings;
}

function withWarnings(adaptation: Adaptation, warnings: readonly AdapterWarning[]): Adaptation {
  return "problems" in adaptation ? adaptation : { ...adaptation, warnings: [...warnings, ...adaptation.warnings] };
}
