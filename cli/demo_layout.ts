/** What the demo paints. */

/** Three beds: variables of `validateLayout` and `generate`. */
export const DEMO_INPUT = {
  layout: {
    grid: { direction: "COLUMNS", ratios: "1,1,1" },
    regions: [
      { name: "ocean", prompt: "ocean" },
      { name: "forest", prompt: "forest" },
      { name: "sunset", prompt: "sunset" },
    ].map((region) => ({ ...region, baseRatio: 0.2, feather: 0.04 })),
  },
  steps: 20,
} as const;

/** The seed of the demo's picture; another one paints another picture. */
export const DEMO_SEED = 7;
