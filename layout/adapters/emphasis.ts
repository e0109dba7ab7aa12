/** Weights of prompts that another tool would read in another way. */

import type { FieldPath } from "../../errors.ts";
import type { Layout, PromptEmphasis } from "../layout.ts";
import { parsedPrompts } from "../prompts.ts";
import type { Findings } from "./adapted.ts";

/**
 * Warns where a layout's prompts have weights, and these are read otherwise there.
 * @param theirs How the other tool reads them.
 * @param path Where the layout stands.
 */
export function warnOfEmphasis(layout: Layout, theirs: PromptEmphasis, path: FieldPath, findings: Findings): void {
  if (layout.emphasis === theirs) return;
  const { positive, negative } = parsedPrompts(layout);
  const weighted = [...positive, ...negative].some(({ pieces }) =>
    pieces.some((piece) => piece.kind === "TEXT" && piece.weight !== 1)
  );
  if (!weighted) return;
  const message = `weights of prompts are read as ${theirs} there, here they are read as ${layout.emphasis}`;
  findings.warn("NOT_EXPORTED", [...path, "emphasis"], message);
}
