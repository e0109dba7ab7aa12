/** Adapters under test: their answers, resolved as callers get them. */

import type { Adaptation, AdapterWarning } from "../../../layout/adapters/adapted.ts";
import { readRegionalPrompt } from "../../../layout/adapters/regional_prompter/prompt.ts";
import type { RegionalPrompterInput } from "../../../layout/adapters/regional_prompter/input.ts";
import { gridCells } from "../../../layout/masks/grid.ts";
import type { Layout, LayoutSpec } from "../../../layout/layout.ts";
import { resolveOrThrow } from "../random_layout.ts";

/** What an adapter understood. */
export interface Understood {
  readonly spec: LayoutSpec;
  readonly layout: Layout;
  readonly warnings: readonly AdapterWarning[];
}

/** The answer of an adapter that found no problems. */
export function understood(adaptation: Adaptation): Understood {
  if ("problems" in adaptation) throw new Error(adaptation.problems.map(({ message }) => message).join("\n"));
  return { ...adaptation, layout: resolveOrThrow(adaptation.spec) };
}

/** The messages of an adapter's problems; none where it understood its input. */
export function problemsOf(adaptation: Adaptation): readonly string[] {
  return "problems" in adaptation ? adaptation.problems.map(({ message }) => message) : [];
}

/** A prompt of Regional Prompter with settings, without problems. */
export function read(prompt: string, settings: Omit<RegionalPrompterInput, "prompt"> = {}): Understood {
  return understood(readRegionalPrompt({ prompt, ...settings }));
}

/** The problems of a prompt of Regional Prompter with settings. */
export function refused(prompt: string, settings: Omit<RegionalPrompterInput, "prompt"> = {}): readonly string[] {
  return problemsOf(readRegionalPrompt({ prompt, ...settings }));
}

export function codes({ warnings }: Pick<Understood, "warnings">): readonly string[] {
  return warnings.map(({ code }) => code);
}

/** The cells of a layout whose regions take a grid's cells in order: [x, y, width, height], rounded to be comparable. */
export function cells({ layout }: Understood): readonly (readonly number[])[] {
  const grid = layout.grid === null ? [] : gridCells(layout.grid);
  return layout.regions.map(({ geometry }) => {
    const cell = geometry.kind === "CELL" ? grid[geometry.cell] : undefined;
    if (cell === undefined) throw new Error(`no cell: ${JSON.stringify(geometry)}`);
    return [cell.x, cell.y, cell.width, cell.height].map((value) => Number(value.toFixed(9)));
  });
}
