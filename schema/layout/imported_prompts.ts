/** Warnings of the prompts that an import has brought, at their places in the layout that was read. */

import { type FieldPath, formatPath } from "../../errors.ts";
import { type AdapterWarning, Findings, Source } from "../../layout/adapters/adapted.ts";
import type { Layout } from "../../layout/layout.ts";
import { placedLoras } from "../../layout/loras.ts";
import { promptFields } from "../../layout/prompt_fields.ts";
import { embeddingUses, promptWarnings } from "../../layout/prompt_warnings.ts";

/** What is found in prompts, beside what adapters warn of. */
export interface ImportedPromptWarning extends Omit<AdapterWarning, "code"> {
  readonly code: "PROMPT" | "EMBEDDING" | "LORA";
}

/** What the prompts say that may be meant otherwise, and the embeddings and LoRAs that they need. */
export function importedPromptWarnings(layout: Layout): readonly ImportedPromptWarning[] {
  const sources = new Map(
    promptFields(layout).map(([text, ...path]) => [formatPath(path), new Source(text, path, new Findings())]),
  );
  const warning = (
    code: ImportedPromptWarning["code"],
    message: string,
    path: FieldPath,
    offset: number,
  ): ImportedPromptWarning => ({
    code,
    message,
    path: ["layout", ...path],
    position: sources.get(formatPath(path))?.position(offset) ?? null,
  });
  return [
    ...promptWarnings(layout).map(({ message, path, position }) => warning("PROMPT", message, path, position)),
    ...embeddingUses(layout).map(({ name, path, position }) =>
      warning("EMBEDDING", `"${name}" must be an embedding of the model that paints it`, path, position)
    ),
    ...placedLoras(layout).flatMap(({ name, path, position, scope }) =>
      position === null ? [] : warning(
        "LORA",
        scope === "NEGATIVE"
          ? `negative prompts take no LoRA: "${name}" must be removed here`
          : `"${name}" must be a LoRA that fits the model that paints it`,
        path,
        position,
      )
    ),
  ];
}
