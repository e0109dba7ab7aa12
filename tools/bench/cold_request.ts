/** The picture whose first preview is waited for: three columns, guided. */

import type { PictureRequest } from "../../compute/pipeline/request.ts";
import { PLAIN_LAYOUT, PLAIN_REGION } from "../../layout/layout.ts";

/** Everything but model and size. */
export const GENERATION: Omit<PictureRequest, "model" | "width" | "height"> = {
  layout: {
    ...PLAIN_LAYOUT,
    regions: ["ocean", "forest", "sunset"].map((prompt, i) => ({
      ...PLAIN_REGION,
      name: prompt,
      prompt,
      geometry: { kind: "RECTANGLE" as const, x: i / 3, y: 0, width: 1 / 3, height: 1 },
    })),
  },
  steps: 8,
  guidanceScale: 4,
  sampler: "euler",
  schedule: "model",
  guidanceStart: 0,
  guidanceEnd: 1,
  previews: "linear",
  seed: 1,
  mode: "attention",
  format: "PNG",
};
