/** What a first visit finds: three beds, ready to be painted. */

import { type Draft, draftLayout } from "./draft.ts";

/** A new example draft. @param model What paints it; default the server's first. */
export function exampleDraft(model?: string): Draft {
  return {
    layout: draftLayout({
      grid: { direction: "COLUMNS", ratios: "1,1,1" },
      commonPrompt: "noto style",
      commonPlacement: "SUFFIX",
      regions: [
        { name: "ocean", prompt: "a sailboat, ocean" },
        { name: "forest", prompt: "a fox, forest" },
        { name: "space", prompt: "a rocket, space" },
      ],
    }),
    settings: { ...model !== undefined && { model }, width: 768, height: 256 },
    origin: null,
  };
}
