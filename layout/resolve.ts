/** From what a caller sent to a layout with every default filled in, or to everything that is wrong with it. */

import { type FieldPath, InvalidInputError } from "../errors.ts";
import {
  COMMON_PLACEMENTS,
  type Geometry,
  type Grid,
  GRID_DIRECTIONS,
  HOLES,
  type Layout,
  type LayoutSpec,
  OVERLAPS,
  PROMPT_SYNTAXES,
  type Region,
} from "./layout.ts";
import { Problems } from "./problems.ts";
import { parseRatios } from "./ratios.ts";
import { resolveGeometry } from "./resolve_geometry.ts";

/** Weights outside of this range are lost in rounding beside others. */
const WEIGHT = { above: 0, min: 1e-6, max: 1e6 } as const;

/** Guidance scales that a sampler survives; the generation's own scale has the same range. */
const GUIDANCE = { min: 0, max: 100 } as const;

/** Narrower canvases than 1:32 leave the UNet's deepest level less than a cell at any usual size. */
const ASPECT = { min: 1 / 32, max: 32 } as const;

/** What a noise generator takes. */
const SEED = { min: 0, max: 0xffffffff } as const;

export interface ResolveOptions {
  /** The most regions this deployment accepts. */
  readonly maxRegions: number;
  /** Where the layout stands in the caller's input; `["layout"]` unless told. */
  readonly path?: FieldPath;
}

/** A layout, or every problem with it in the order of its fields; never both. */
export type Resolution = { readonly layout: Layout } | { readonly problems: readonly InvalidInputError[] };

/**
 * Checks a layout completely and fills in its defaults. Total: any value gives a layout or problems, nothing is thrown.
 *
 * Codes of the problems: OUT_OF_RANGE, NOT_A_NUMBER (also NaN and infinite), INVALID_VALUE, INVALID_GEOMETRY (no area,
 * outside of the canvas, none or several kinds, regions and grid cells that do not match), INVALID_RATIO and
 * TOO_MANY_REGIONS, where the regions beyond the limit are not looked at.
 */
export function resolveLayout(spec: LayoutSpec, options: ResolveOptions): Resolution {
  const { maxRegions, path = ["layout"] } = options;
  const problems = new Problems();
  const fields = problems.fields(spec, path);
  const aspect = fields["aspect"] === null || fields["aspect"] === undefined
    ? null
    : problems.number(fields["aspect"], [...path, "aspect"], ASPECT);
  const promptSyntax =
    problems.choice(fields["promptSyntax"], [...path, "promptSyntax"], PROMPT_SYNTAXES, "WEIGHTED") ?? "WEIGHTED";
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
  const read = items.slice(0, maxRegions).map((item, i) => readRegion(item, i, [...at, i], cells, problems));
  checkNames(read, at, problems);
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

/** The grid and its number of cells: null without a grid, NaN where it is broken. */
function resolveGrid(spec: unknown, path: FieldPath, problems: Problems): { grid: Grid | null; cells: number | null } {
  if (spec === null || spec === undefined) return { grid: null, cells: null };
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  if (problems.found.length > before) return { grid: null, cells: NaN };
  const direction = problems.choice(fields["direction"], [...path, "direction"], GRID_DIRECTIONS) ?? "COLUMNS";
  const ratios = problems.text(fields["ratios"], [...path, "ratios"]);
  if (problems.found.length > before) return { grid: null, cells: NaN };
  try {
    return {
      grid: { direction, ratios, nested: [] },
      cells: parseRatios(ratios, direction, [...path, "ratios"]).length,
    };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    problems.found.push(error);
    return { grid: null, cells: NaN };
  }
}

/** A region whose geometry is still open: given, to be taken from the grid (null), or broken (undefined). */
interface ReadRegion {
  readonly region: Omit<Region, "geometry">;
  readonly geometry: Geometry | null | undefined;
}

function readRegion(
  spec: unknown,
  index: number,
  path: FieldPath,
  cells: number | null,
  problems: Problems,
): ReadRegion {
  const before = problems.found.length;
  const fields = problems.fields(spec, path);
  const broken = problems.found.length > before;
  const at = (field: string) => [...path, field];
  const optional = (field: string, rule: { readonly min: number; readonly max: number }) =>
    fields[field] === null || fields[field] === undefined ? null : problems.number(fields[field], at(field), rule);

  const name = problems.text(fields["name"], at("name"), `region ${index + 1}`);
  if (name.trim() === "") problems.add("INVALID_VALUE", at("name"), name, "must not be empty");
  const geometry = fields["geometry"] === null || fields["geometry"] === undefined
    ? (broken ? undefined : null)
    : resolveGeometry(fields["geometry"], at("geometry"), cells, problems);
  const prompt = broken ? "" : problems.text(fields["prompt"], at("prompt"));
  const style = problems.text(fields["style"], at("style"), "");
  const negativePrompt = fields["negativePrompt"] === null || fields["negativePrompt"] === undefined
    ? null
    : problems.text(fields["negativePrompt"], at("negativePrompt"));
  const weight = problems.number(fields["weight"], at("weight"), { fallback: 1, ...WEIGHT });
  const baseRatio = problems.number(fields["baseRatio"], at("baseRatio"), { fallback: 0, min: 0, max: 1 });
  const feather = problems.number(fields["feather"], at("feather"), { fallback: 0, min: 0, max: 0.5 });
  const z = problems.number(fields["z"], at("z"), { fallback: 0 });
  const start = problems.number(fields["start"], at("start"), { fallback: 0, min: 0, max: 1 });
  const end = problems.number(fields["end"], at("end"), { fallback: 1, min: 0, max: 1 });
  if (start >= end) problems.add("OUT_OF_RANGE", at("end"), end, `must be greater than start, which is ${start}`);
  const guidanceScale = optional("guidanceScale", GUIDANCE);
  const seed = optional("seed", SEED);
  if (seed !== null && !Number.isNaN(seed) && !Number.isInteger(seed)) {
    problems.add("OUT_OF_RANGE", at("seed"), seed, "must be a whole number");
  }
  const enabled = problems.flag(fields["enabled"], at("enabled"), true);
  return {
    region: {
      name,
      prompt,
      style,
      negativePrompt,
      weight,
      baseRatio,
      feather,
      z,
      start,
      end,
      guidanceScale,
      seed,
      enabled,
    },
    geometry,
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

/** Gives the regions without geometry the cells that no region names, in order. */
function takeCells(
  read: readonly ReadRegion[],
  count: number,
  path: FieldPath,
  cells: number | null,
  problems: Problems,
): readonly (Geometry | undefined)[] {
  const claimed = new Set(read.flatMap(({ geometry }) => geometry?.kind === "CELL" ? [geometry.cell] : []));
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
