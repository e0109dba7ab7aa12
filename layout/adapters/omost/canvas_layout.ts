/** The layout of a canvas: what is behind everything, and the regions in front of it, as Omost composes them. */

import type { LayoutSpec, RegionSpec } from "../../layout.ts";

/** The layout of a global description and regions that have their z; where none lies there is the base prompt alone. */
export function canvasLayout(basePrompt: string, regions: readonly RegionSpec[]): LayoutSpec {
  return { promptSyntax: "PLAIN", basePrompt, overlap: "Z_ORDER", holes: "BASE", regions };
}
