/** Regional Prompter's Random: a grid whose cells draw the region that they belong to. */

import type { FieldPath } from "../../../errors.ts";
import type { GeometrySpec, Point } from "../../layout.ts";
import type { Source } from "../adapted.ts";
import { type Division, type Place, regionName } from "./division.ts";
import { warnOfCuts } from "./mask.ts";
import { type Ratio, readRatioList } from "./numbers.ts";
import type { PromptParts } from "./text.ts";

/** A layout's grid has at most 1024 cells. */
const MAX_SIDE = 32;

/** A region's union has at most 63 shapes; of more cells, it is the canvas less those of the others. */
const MAX_UNION = 63;

const COUNTS = {
  rule: "must be two whole numbers, rows and columns",
  fault: (value: number) =>
    Number.isInteger(value) && value >= 1 && value <= MAX_SIDE ? undefined : `number that is not from 1 to ${MAX_SIDE}`,
};

/**
 * Cuts the canvas into rows x columns equal cells, of which each belongs to a region that it draws: all are equally
 * likely, row by row from the top left. A region without a cell paints nothing and is left out, with a warning.
 *
 * @param parts Undefined where the prompt is broken: then only the settings are checked.
 */
export function readRandom(
  parts: PromptParts | undefined,
  ratios: Source,
  { flip, seed, path }: { readonly flip: boolean; readonly seed: number | null | undefined; readonly path: FieldPath },
): Division | undefined {
  const { findings } = ratios;
  const before = findings.problems.length;
  const counts = readCounts(ratios, flip);
  if (seed === null || seed === undefined) {
    const rule = "must be set in mode RANDOM, so that the same text means the same layout";
    findings.problem("INVALID_VALUE", path, seed, rule);
  } else if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    findings.problem("OUT_OF_RANGE", path, seed, "must be a whole number from 0 to 4294967295");
  }
  if (parts === undefined || counts === undefined || findings.problems.length > before) return undefined;
  warnOfCuts(parts);

  const { rows, columns } = counts;
  const owners = drawOwners(rows * columns, parts.segments.length, seed ?? 0);
  const drawn = new Map<number, number[]>();
  owners.forEach((owner, cell) => {
    const own = drawn.get(owner);
    if (own === undefined) drawn.set(owner, [cell]);
    else own.push(cell);
  });
  // All in the same way: two ways of drawing one border would leave gaps of a sample's size.
  const unions = [...drawn.values()].every(({ length }) => length <= MAX_UNION);
  const places = parts.segments.map(({ text, offset }, region): Place => {
    const cells = drawn.get(region);
    const name = regionName(region);
    if (cells !== undefined) {
      const geometry = unions ? unionOf(cells) : lessTheOthers(owners, region, rows, columns);
      return { name, prompt: text, geometry };
    }
    parts.source.warn("NO_CELL", `${name} drew no cell, so it was left out`, offset);
    return { name, prompt: text, geometry: null };
  });
  const row = new Array<string>(columns).fill("1").join(",");
  const all = rows === 1 ? row : new Array<string>(rows).fill(`1,${row}`).join(";");
  const grid = unions ? { direction: "COLUMNS" as const, ratios: all } : null;
  return { places, groups: [parts.segments.length], grid };
}

function unionOf(cells: readonly number[]): GeometrySpec {
  const [first, ...others] = cells.map((cell): GeometrySpec => ({ cell }));
  return first !== undefined && others.length === 0 ? first : { union: first === undefined ? [] : [first, ...others] };
}

/** The canvas with a hole for each run of other regions' cells in a row. */
function lessTheOthers(owners: readonly number[], region: number, rows: number, columns: number): GeometrySpec {
  const holes: Point[][] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns;) {
      const from = x;
      while (x < columns && owners[y * columns + x] !== region) x++;
      if (x > from) holes.push(box(from / columns, y / rows, x / columns, (y + 1) / rows));
      else x++;
    }
  }
  return { polygon: { points: box(0, 0, 1, 1), holes } };
}

function box(left: number, top: number, right: number, bottom: number): Point[] {
  return [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
}

function readCounts(source: Source, flip: boolean): { readonly rows: number; readonly columns: number } | undefined {
  const list = readRatioList(source, COUNTS, flip);
  if (list === undefined) return undefined;
  const [rows, columns, extra] = list.numbers;
  const semicolon = list.separators.indexOf(";");
  if (rows === undefined || columns === undefined || (semicolon !== -1 && semicolon < 2)) {
    const reason = columns === undefined ? "the second is missing" : `they are separated by "${flip ? "," : ";"}"`;
    source.problem("INVALID_RATIO", `${COUNTS.rule}: ${reason}`, end(rows), source.text);
    return undefined;
  }
  if (extra !== undefined) {
    source.warn("RATIO_DROPPED", "only the first two numbers, rows and columns, were used", extra.offset);
  }
  return { rows: rows.value, columns: columns.value };
}

function end(ratio: Ratio | undefined): number {
  return ratio === undefined ? 0 : ratio.offset + ratio.text.length;
}

/** The owner of each cell, in [0, regions). */
function drawOwners(cells: number, regions: number, seed: number): readonly number[] {
  const draw = mulberry32(seed);
  return Array.from({ length: cells }, () => Math.floor(draw() / 2 ** 32 * regions));
}

/**
 * Mulberry32 by Tommy Ettinger (2017, public domain): 32 random bits per call from 32 bits of state. Its arithmetic is
 * integer only, so a seed means the same layout everywhere.
 */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  };
}
