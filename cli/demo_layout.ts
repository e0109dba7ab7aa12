/** What the demo paints. */

/** Three beds: variables of `validateLayout` and `generate`. */
export const DEMO_INPUT = {
  model: "beds-256-lcm", // distilled: few steps, no guidance; its own defaults
  width: 384,
  height: 160,
  layout: {
    grid: { direction: "COLUMNS", ratios: "1,1,1" },
    regions: [
      { name: "ocean", prompt: "a sailboat, ocean" },
      { name: "forest", prompt: "a fox, forest" },
      { name: "space", prompt: "a rocket, space" },
    ],
  },
} as const;

/** The seed of the demo's picture; another one paints another picture. */
export const DEMO_SEED = 4;
