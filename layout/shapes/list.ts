/** The kinds of geometry there are. A new one has a file of its own beside this one, and four lines here. */

import type { Maybe } from "../../problems.ts";
import type { Rectangle } from "../fractions.ts";
import { CELL, type CellShape } from "./cell.ts";
import { ELLIPSE, type Ellipse, type EllipseShape } from "./ellipse.ts";
import type { AnyGeometry, GeometryKind, ShapeKind } from "./kind.ts";
import { MASK, type MaskShape, type MaskSpec } from "./mask.ts";
import { POLYGON, type PolygonShape, type PolygonSpec } from "./polygon.ts";
import { RECTANGLE, type RectangleShape } from "./rectangle.ts";
import { REST, type Rest } from "./rest.ts";
import { SUBTRACTION, type SubtractionShape } from "./subtraction.ts";
import { UNION, type UnionShape } from "./union.ts";
import { WORDS, type WordsShape, type WordsSpec } from "./words.ts";

/** A shape on the canvas. */
export type Shape =
  | RectangleShape
  | EllipseShape
  | PolygonShape
  | CellShape
  | MaskShape
  | WordsShape
  | UnionShape<Shape>
  | SubtractionShape<Shape>;

/** Where a region lies. */
export type Geometry = Shape | Rest;

/** The geometry as callers send it: exactly one field is set. */
export interface GeometrySpec {
  readonly rectangle?: Maybe<Rectangle>;
  readonly ellipse?: Maybe<Ellipse>;
  readonly polygon?: Maybe<PolygonSpec>;
  readonly cell?: Maybe<number>;
  readonly mask?: Maybe<MaskSpec>;
  readonly words?: Maybe<WordsSpec>;
  readonly union?: Maybe<readonly GeometrySpec[]>;
  readonly subtraction?: Maybe<{ readonly from: GeometrySpec; readonly subtract: readonly GeometrySpec[] }>;
  /** True where it is set; only for a region as a whole, not inside of a union or subtraction. */
  readonly rest?: Maybe<boolean>;
}

/** The kinds of shapes, in the order in which they are told. */
const SHAPES: { readonly [K in Shape["kind"]]: ShapeKind } = {
  RECTANGLE,
  ELLIPSE,
  POLYGON,
  CELL,
  MASK,
  WORDS,
  UNION,
  SUBTRACTION,
};

const SHAPES_BY_KIND: ReadonlyMap<string, ShapeKind> = new Map(Object.entries(SHAPES));

/** Every kind of geometry. */
export const GEOMETRIES: readonly GeometryKind[] = [...Object.values(SHAPES), REST];

/** @throws {RangeError} if the list lacks it. */
export function shapeKind({ kind }: AnyGeometry): ShapeKind {
  const found = SHAPES_BY_KIND.get(kind);
  if (found === undefined) throw new RangeError(`There is no shape of kind ${kind}`);
  return found;
}

/** @throws {RangeError} if the list lacks it. */
export function geometryKind(geometry: AnyGeometry): GeometryKind {
  return geometry.kind === REST.kind ? REST : shapeKind(geometry);
}
