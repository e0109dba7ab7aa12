/** Where in a layout prompts stand. */

import type { FieldPath } from "../errors.ts";
import type { Layout } from "./layout.ts";

/** Every prompt of a layout with its field; a region without a negative prompt of its own has an empty one here. */
export function promptFields(layout: Layout): readonly (readonly [text: string, ...FieldPath])[] {
  const fields = ["commonPrompt", "commonNegativePrompt", "basePrompt", "negativePrompt"] as const;
  return [
    ...fields.map((field) => [layout[field], field] as const),
    ...layout.regions.flatMap(({ prompt, style, negativePrompt }, i) =>
      [
        [prompt, "regions", i, "prompt"],
        [style, "regions", i, "style"],
        [negativePrompt ?? "", "regions", i, "negativePrompt"],
      ] as const
    ),
  ];
}
