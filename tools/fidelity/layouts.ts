/** What is painted to be judged: layouts of four regions, each with an object and a background of its own. */

import { createHash } from "node:crypto";
import type { Layout, LayoutSpec } from "../../layout/layout.ts";
import type { LoraUse } from "../../layout/lora_use.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import type { JudgeNames } from "./judge.ts";
import { NONE } from "./verdict.ts";
import type { Box } from "./windows.ts";

/** Regions of a layout: the quarters of the picture, in reading order. */
export const REGIONS = 4;

/** A quarter and what it is to show. */
export interface AskedRegion {
  readonly object: string;
  readonly background: string;
  readonly prompt: string;
  /** In fractions of the picture: [x0, y0, x1, y1]. */
  readonly place: Box;
}

/** A layout, and the same prompts without one. */
export interface AskedLayout {
  /** Of the picture's noise. */
  readonly seed: number;
  readonly regions: readonly AskedRegion[];
  /** One region per quarter, and an empty base prompt that has no share. */
  readonly regional: Layout;
  /** All four prompts as one, without regions. */
  readonly plain: Layout;
}

/** The layout of one seed, the same for ever as long as the names are; no name comes twice. */
export function askedLayout(names: JudgeNames, seed: number): AskedLayout {
  const objects = shuffled(names.object.filter((name) => name !== NONE), seed, "object");
  const backgrounds = shuffled(names.background, seed, "background");
  const [style = ""] = shuffled(names.style, seed, "style");
  const regions = Array.from({ length: REGIONS }, (_, r): AskedRegion => {
    const [object, background] = [objects[r], backgrounds[r]];
    if (object === undefined || background === undefined) {
      throw new RangeError(`Cannot fill ${REGIONS} regions: the judge knows too few names`);
    }
    const x = r % 2 / 2, y = Math.floor(r / 2) / 2;
    const prompt = `${withArticle(object)}, ${background}, ${style}`;
    return { object, background, prompt, place: [x, y, x + 0.5, y + 0.5] };
  });
  return {
    seed,
    regions,
    regional: regionalLayout(regions),
    plain: resolved({ basePrompt: regions.map(({ prompt }) => prompt).join(", ") }),
  };
}

/** The region that borrows a LoRA, another one each time. */
export function borrower({ seed }: AskedLayout): number {
  return seed % REGIONS;
}

/** The regions of a layout, one of them with a LoRA. */
export function withLora(asked: AskedLayout, lora: LoraUse): Layout {
  const { regional } = asked;
  const regions = regional.regions.map((region, r) => r === borrower(asked) ? { ...region, loras: [lora] } : region);
  return { ...regional, regions };
}

/**
 * The same objects in one scene: every quarter has the background of the first, so that only objects tell them apart, and no
 * border is asked for.
 */
export function sceneOf({ regions: [first, ...others] }: AskedLayout): AskedLayout["regional"] {
  if (first === undefined) throw new RangeError("Cannot make a scene of no regions");
  const prompts = others.map(({ prompt, background }) => prompt.replace(background, first.background));
  return regionalLayout([first, ...others].map(({ place }, r) => ({ place, prompt: prompts[r - 1] ?? first.prompt })));
}

function regionalLayout(regions: readonly Pick<AskedRegion, "prompt" | "place">[]): Layout {
  return resolved({
    regions: regions.map(({ prompt, place: [x, y, x1, y1] }) => ({
      prompt,
      geometry: { rectangle: { x, y, width: x1 - x, height: y1 - y } },
    })),
  });
}

/** The names in an order that the seed decides: that of the SHA-256 of each, so that nothing else matters. */
export function shuffled(names: readonly string[], seed: number, head: string): readonly string[] {
  const keys = new Map(
    names.map((name) => [name, createHash("sha256").update(`${seed} ${head} ${name}`).digest("hex")]),
  );
  return names.toSorted((a, b) => (keys.get(a) ?? "") < (keys.get(b) ?? "") ? -1 : 1);
}

/** "a cat", "an owl": by the first letter alone, as the captions of the model's training have it. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

function resolved(spec: LayoutSpec): Layout {
  const resolution = resolveLayout({ promptSyntax: "PLAIN", ...spec }, { maxRegions: REGIONS });
  if (!("layout" in resolution)) throw new AggregateError(resolution.problems, "Cannot resolve a layout of fidelity");
  return resolution.layout;
}
