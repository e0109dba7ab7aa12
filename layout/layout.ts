/** What a layout is: the form callers send (`LayoutSpec`) and the form everything else reads (`Layout`). */

/** How regions share a pixel that several of them cover: in proportion to their weights, or the front one first. */
export type Overlap = "NORMALIZE" | "Z_ORDER";

/** Who paints what no region covers: the base prompt, the nearest region, or nobody (the layout is rejected). */
export type Holes = "BASE" | "NEAREST" | "ERROR";

/** The direction in which one row of ratios cuts the canvas. */
export type GridDirection = "COLUMNS" | "ROWS";

export const OVERLAPS: readonly Overlap[] = ["NORMALIZE", "Z_ORDER"];
export const HOLES: readonly Holes[] = ["BASE", "NEAREST", "ERROR"];
export const GRID_DIRECTIONS: readonly GridDirection[] = ["COLUMNS", "ROWS"];

/** Cuts the canvas into cells; the syntax of `ratios` is in `ratios.ts`. */
export interface Grid {
  readonly direction: GridDirection;
  readonly ratios: string;
}

/** A point in fractions of the canvas, origin top left, both in [0, 1]. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in fractions of the canvas, origin top left. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where a region lies. `cell` counts the cells of the layout's grid from 0, in the order the ratios are written. */
export type Geometry =
  | ({ readonly kind: "RECTANGLE" } & Rectangle)
  | { readonly kind: "POLYGON"; readonly points: readonly Point[] }
  | { readonly kind: "CELL"; readonly cell: number };

/** One prompt and the place it paints. */
export interface Region {
  /** Unique within the layout. */
  readonly name: string;
  readonly geometry: Geometry;
  readonly prompt: string;
  /** Null: the layout's negative prompt. */
  readonly negativePrompt: string | null;
  /** Share in overlaps under NORMALIZE, relative to the other regions' weights; > 0. */
  readonly weight: number;
  /** Share of this region's weight that is left to the base prompt, [0, 1]. */
  readonly baseRatio: number;
  /** Standard deviation of the Gaussian that softens the border, in fractions of the canvas's short edge, [0, 0.5]. */
  readonly feather: number;
  /** Order under Z_ORDER: higher is in front; of equals the later region. */
  readonly z: number;
  /** The window of steps in which the region paints, in fractions of all steps: 0 <= start < end <= 1. */
  readonly start: number;
  readonly end: number;
  /** Null: the generation's guidance scale. */
  readonly guidanceScale: number | null;
}

/** A layout with every default filled in and every rule checked; made by `resolveLayout`. */
export interface Layout {
  /** Put before the base prompt and every region's prompt: `common, prompt`. */
  readonly commonPrompt: string;
  readonly basePrompt: string;
  readonly negativePrompt: string;
  readonly overlap: Overlap;
  readonly holes: Holes;
  readonly grid: Grid | null;
  /** Empty for a plain picture of the base prompt. */
  readonly regions: readonly Region[];
}

/** Absent, null and undefined all mean the default: GraphQL sends null for what a client leaves empty. */
type Maybe<T> = T | null | undefined;

/** The geometry as callers send it: exactly one field is set. */
export interface GeometrySpec {
  readonly rectangle?: Maybe<Rectangle>;
  readonly polygon?: Maybe<{ readonly points: readonly Point[] }>;
  readonly cell?: Maybe<number>;
}

/** A region as callers send it. Without geometry it takes the next free cell of the layout's grid. */
export interface RegionSpec {
  /** Default: `region 1`, `region 2`, ... by position. */
  readonly name?: Maybe<string>;
  readonly geometry?: Maybe<GeometrySpec>;
  readonly prompt: string;
  readonly negativePrompt?: Maybe<string>;
  /** Default 1. */
  readonly weight?: Maybe<number>;
  /** Default 0. */
  readonly baseRatio?: Maybe<number>;
  /** Default 0. */
  readonly feather?: Maybe<number>;
  /** Default 0. */
  readonly z?: Maybe<number>;
  /** Default 0. */
  readonly start?: Maybe<number>;
  /** Default 1. */
  readonly end?: Maybe<number>;
  readonly guidanceScale?: Maybe<number>;
}

/** A layout as callers send it. Prompts default to the empty string. */
export interface LayoutSpec {
  readonly commonPrompt?: Maybe<string>;
  readonly basePrompt?: Maybe<string>;
  readonly negativePrompt?: Maybe<string>;
  /** Default NORMALIZE. */
  readonly overlap?: Maybe<Overlap>;
  /** Default BASE. */
  readonly holes?: Maybe<Holes>;
  readonly grid?: Maybe<Grid>;
  readonly regions?: Maybe<readonly RegionSpec[]>;
}
