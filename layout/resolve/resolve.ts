/** From what a caller sent to a layout with every default filled in, or to everything that is wrong with it. */

import type { FieldPath, InvalidInputError } from "../../errors.ts";
import {
  COMMON_PLACEMENTS,
  type Geometry,
  HOLES,
  type Layout,
  type LayoutSpec,
  OVERLAPS,
  PROMPT_EMPHASES,
  PROMPT_SYNTAXES,
  type Region,
} from "../layout.ts";
import { ASPECT } from "../limits.ts";
import { Problems } from "../../problems.ts";
import { namedCells } from "../shapes/walk.ts";
import { resolveGrid } from "./resolve_grid.ts";
import { type ReadRegion, readRegion } from "./resolve_region.ts";

export interface ResolveOptions {
  /** The most regions this deployment accepts. */
  readonly maxRegions: number;
  /** Where the layout stands in the caller's input. Default: `["layout"]`. */
  readonly path?: FieldPath;
}

/** A layout, or every problem with it in the order of its fields; never both. */
export type Resolution = { readonly layout: Layout } | { readonly problems: readonly InvalidInputError[] };

/**
 * Checks a layout completely and fills in its defaults. Total: any value gives a layout or problems, nothing is thrown.
 * Regions that are not enabled are checked like the others. Fields that a layout does not have are not looked at.
 *
 * Codes of the problems: OUT_OF_RANGE, NOT_A_NUMBER (also NaN and infinite), INVALID_VALUE, INVALID_GEOMETRY (no area,
 * outside of the canvas, none or several kinds, too many or too deep, more than one rest, regions and grid cells that do
 * not match), INVALID_RATIO and TOO_MANY_REGIONS, where the regions beyond the limit are not looked at.
 *
 * @example
 * ```ts
 * const spec = { grid: { direction: "COLUMNS", ratios: "1,2" }, regions: [{ prompt: "a fox" }, { prompt: "a lake" }] } as const;
 * const resolved = resolveLayout(spec, { maxRegions: 16 });
 * if ("problems" in resolved) throw new InvalidInputErrors(resolved.problems);
 * const maps = compileWeightMaps(resolved.layout, { width: 512, height: 512, factor: 8 });
 * ```
 */
export function resolveLayout(spec: LayoutSpec, options: ResolveOptions): Resolution {
  const { maxRegions, path = ["layout"] } = options;
  const problems = new Problems();
  const fields = problems.fields(spec, path) ?? {};
  const aspect = fields["aspect"] === null || fields["aspect"] === undefined
    ? null
    : problems.number(fields["aspect"], [...path, "aspect"], ASPECT);
  const promptSyntax =
    problems.choice(fields["promptSyntax"], [...path, "promptSyntax"], PROMPT_SYNTAXES, "WEIGHTED") ?? "WEIGHTED";
  const emphasis = problems.choice(fields["emphasis"], [...path, "emphasis"], PROMPT_EMPHASES, "NO_NORM") ?? "NO_NORM";
  const commonPrompt = problems.text(fields["commonPrompt"], [...path, "commonPrompt"], "");
  const commonNegativePrompt = problems.text(fields["commonNegativePrompt"], [...path, "commonNegativePrompt"], "");
  const commonPlacement =
    problems.choice(fields["commonPlacement"], [...path, "commonPlacement"], COMMON_PLACEMENTS, "PREFIX") ?? "PREFIX";
  const basePrompt = problems.text(fields["basePrompt"], [...path, "basePrompt"], "");
  const negativePrompt = problems.text(fields["negativePrompt"], [...path, "negativePrompt"], "");
  const overlap = problems.choice(fields["overlap"], [...path, "overlap"], OVERLAPS, "NORMALIZE") ?? "NORMALIZE";
  const holes = problems.choice(fields["holes"], [...path, "holes"], HOLES, "BASE") ?? "BASE";
  const { grid, cells } = resolveGrid(fields["grid"], [...path, "grid"], problems);

  const at = [...path, "regions"];
  const items = problems.items(fields["regions"], at);
  if (items.length > maxRegions) {
    problems.add("TOO_MANY_REGIONS", at, items.length, `must have at most ${maxRegions} regions`);
  }
  const usage = { shapes: 0, points: 0 };
  const read = items.slice(0, maxRegions).map((item, i) => readRegion(item, i, [...at, i], cells, usage, problems));
  checkNames(read, at, problems);
  checkRest(read, at, problems);
  const geometries = takeCells(read, items.length, at, cells, problems);

  const regions = read.flatMap(({ region }, i): Region[] => {
    const geometry = geometries[i];
    return geometry === undefined ? [] : [{ ...region, geometry }];
  });
  if (problems.found.length > 0) return { problems: problems.found };
  return {
    layout: {
      aspect,
      promptSyntax,
      emphasis,
      commonPrompt,
      commonNegativePrompt,
      commonPlacement,
      basePrompt,
      negativePrompt,
      overlap,
      holes,
      grid,
      regions,
    },
  };
}

function checkNames(read: readonly ReadRegion[], path: FieldPath, problems: Problems): void {
  const first = new Map<string, number>();
  read.forEach(({ region: { name } }, i) => {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, i);
    else problems.add("INVALID_VALUE", [...path, i, "name"], name, `must differ from the name of regions[${earlier}]`);
  });
}

/** Two rests would each be what the other leaves. A disabled one counts: enabling it must not break the layout. */
function checkRest(read: readonly ReadRegion[], path: FieldPath, problems: Problems): void {
  const rests = read.flatMap(({ geometry }, i) => geometry?.kind === "REST" ? [i] : []);
  for (const i of rests.slice(1)) {
    const rule = `must be set for one region at most, regions[${rests[0]}] is the rest`;
    problems.add("INVALID_GEOMETRY", [...path, i, "geometry", "rest"], true, rule);
  }
}

/**
 * Gives the regions without geometry the cells that no region names, in order. A region that is not enabled keeps its
 * cell, so that enabling it moves nothing.
 */
function takeCells(
  read: readonly ReadRegion[],
  count: number,
  path: FieldPath,
  cells: number | null,
  problems: Problems,
): readonly (Geometry | undefined)[] {
  const claimed = new Set(read.flatMap(({ geometry }) => geometry ? namedCells(geometry) : []));
  const free = (cells ?? 0) - claimed.size;
  const taking = read.filter(({ geometry }) => geometry === null).length;
  let next = 0;
  let taken = 0;
  const geometries = read.map(({ geometry }, i) => {
    if (geometry !== null) return geometry;
    if (Number.isNaN(free)) return undefined;
    if (taken === free) {
      const rule = cells === null
        ? "must be set, the layout has no grid to take a cell from"
        : `must be set, the grid of ${cells} cells has no free cell left`;
      problems.add("INVALID_GEOMETRY", [...path, i, "geometry"], geometry, rule);
      return undefined;
    }
    while (claimed.has(next)) next++;
    taken++;
    return { kind: "CELL", cell: next++ } as const;
  });
  // A layout that names all its cells may leave some empty; one that relies on the order must fill the grid.
  const complete = count === read.length && read.every(({ geometry }) => geometry !== undefined);
  if (complete && taking > 0 && taking < free) {
    const rule = `must have as many regions without geometry as the grid has free cells, ${free}`;
    problems.add("INVALID_GEOMETRY", path, taking, rule);
  }
  return geometries;
}
