/** What in a layout's prompts may not mean what its author thinks, field by field. */

import type { FieldPath } from "../errors.ts";
import type { Layout } from "./layout.ts";
import { parsePrompt } from "./prompt/parse.ts";
import type { ParsedPrompt, PromptWarning } from "./prompt/prompt.ts";
import { promptFields } from "./prompt_fields.ts";

/** A warning with the field that it is about; its position counts in that field. */
export interface LayoutPromptWarning extends PromptWarning {
  /** Within the layout, for instance `["regions", 1, "prompt"]`. */
  readonly path: FieldPath;
}

/** The warnings of every prompt field, in the order of the fields. */
export function promptWarnings(layout: Layout): readonly LayoutPromptWarning[] {
  return readFields(layout, () => true).flatMap(({ path, parsed }) =>
    parsed.warnings.map((warning) => ({ ...warning, path }))
  );
}

/** An embedding that a prompt names, and where. */
export interface EmbeddingUse {
  readonly name: string;
  /** Within the layout. */
  readonly path: FieldPath;
  readonly position: number;
}

/** The embeddings that the prompts name, in the order of the fields; one that is named twice comes twice. */
export function embeddingUses(layout: Layout): readonly EmbeddingUse[] {
  // Most prompts name none, and need not be read for that.
  return readFields(layout, (text) => text.includes("embedding:")).flatMap(({ path, parsed: { pieces } }) =>
    pieces.flatMap((piece): readonly EmbeddingUse[] => {
      if (piece.kind !== "TEXT" || piece.embedding === undefined) return [];
      return [{ name: piece.embedding, path, position: piece.start }];
    })
  );
}

function readFields(
  layout: Layout,
  wanted: (text: string) => boolean,
): readonly { readonly path: FieldPath; readonly parsed: ParsedPrompt }[] {
  if (layout.promptSyntax === "PLAIN") return [];
  return promptFields(layout).filter(([text]) => wanted(text))
    .map(([text, ...path]) => ({ path, parsed: parsePrompt(text, layout.promptSyntax) }));
}
