/** What the demo paints. */

/** Three beds, each as large as the pictures that the model learnt from: variables of `validateLayout` and `generate`. */
export const DEMO_INPUT = {
  model: "beds-256-lcm", // distilled: few steps, no guidance; its own defaults
  width: 768,
  height: 256,
  layout: {
    grid: { direction: "COLUMNS", ratios: "1,1,1" },
    commonPrompt: "noto style",
    commonPlacement: "SUFFIX",
    regions: [
      { name: "ocean", prompt: "a sailboat, ocean" },
      { name: "forest", prompt: "a fox, forest" },
      { name: "space", prompt: "a rocket, space" },
    ],
  },
} as const;

/** The seed of the demo's picture; another one paints another picture. */
export const DEMO_SEED = 8;
