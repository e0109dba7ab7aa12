/** Noise levels optimised per model family: Align Your Steps (arXiv:2404.14507), stretched to any number of steps. */

import { nth } from "../../elements.ts";

// The tables are those of diffusers' `AysSchedules` (scheduling_utils.py, 0.39, Apache-2.0) with their closing 0
// replaced by the paper's last level, which interpolation on a logarithmic scale needs.
const TABLES = {
  "ays": [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029],
  "ays-sdxl": [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.38, 0.234, 0.113, 0.029],
} as const;

/** A family that has a table: Stable Diffusion 1.5 or SDXL. */
export type AlignYourStepsTable = keyof typeof TABLES;

/** `steps` sigmas, falling, the closing 0 not included: the table itself for 10 steps, else log-linear between. */
export function alignYourStepsSigmas(table: AlignYourStepsTable, steps: number): number[] {
  const levels = TABLES[table];
  const parts = levels.length - 1;
  return Array.from({ length: steps }, (_, i) => {
    const position = (i * parts) / steps;
    const low = Math.floor(position);
    const [from, to] = [nth(levels, low), nth(levels, low + 1)];
    return from * (to / from) ** (position - low);
  });
}
