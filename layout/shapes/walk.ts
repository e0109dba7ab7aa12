/** What a geometry names, in itself and in the shapes that it is made of. */

import type { FieldPath } from "../../errors.ts";
import type { AnyGeometry, ShapeKind } from "./kind.ts";
import { type Geometry, shapeKind } from "./list.ts";

/** The cells that a geometry paints in; what a subtraction cuts out is left to others. */
export function namedCells(geometry: Geometry): readonly number[] {
  return [...shapesIn(geometry)].flatMap(({ kind, shape, cut }) => cut ? [] : kind.cell?.(shape) ?? []);
}

/** An image that a geometry names. */
export interface NamedImage {
  /** The SHA-256 of its file. */
  readonly asset: string;
  /** Where it is named in the geometry as callers send it, for instance `["union", 1, "mask", "asset"]`. */
  readonly path: FieldPath;
}

/** The images that a geometry names, in the order of its fields. */
export function namedImages(geometry: Geometry): readonly NamedImage[] {
  return [...shapesIn(geometry)].flatMap(({ kind, shape, path }) => {
    const image = kind.image?.(shape);
    return image === undefined ? [] : [{ asset: image.asset, path: [...path, image.field] }];
  });
}

/** A shape of a geometry. */
export interface FoundShape {
  readonly kind: ShapeKind;
  readonly shape: AnyGeometry;
  /** Of its field. */
  readonly path: FieldPath;
  /** Whether it, or what it is a part of, is taken away. */
  readonly cut: boolean;
}

/** Every shape of a geometry, those before their parts; of the rest, none. */
export function* shapesIn(geometry: Geometry): Generator<FoundShape> {
  if (geometry.kind !== "REST") yield* shapesFrom(geometry, [], false);
}

function* shapesFrom(shape: AnyGeometry, at: FieldPath, cut: boolean): Generator<FoundShape> {
  const kind = shapeKind(shape), path = [...at, kind.field];
  yield { kind, shape, path, cut };
  for (const part of kind.parts?.(shape) ?? []) {
    yield* shapesFrom(part.shape, [...path, ...part.path], cut || part.cut);
  }
}
