/** Geometries as clients read them: a union with a type for each kind, made of what `layout/shapes/` says of it. */

import { ListRef, type OutputRefShape } from "@pothos/core";
import type { Point as LayoutPoint } from "../../layout/fractions.ts";
import type { AnyGeometry, ValueType } from "../../layout/shapes/kind.ts";
import { GEOMETRIES, geometryKind } from "../../layout/shapes/list.ts";
import { builder } from "../builder.ts";
import { MaskChannelEnum, WordsSourceEnum } from "./geometry_input.ts";

const Point = builder.objectRef<LayoutPoint>("Point").implement({
  description: "A point in fractions of the canvas, origin top left.",
  fields: (t) => ({
    x: t.exposeFloat("x", { description: "0 (left) to 1 (right)." }),
    y: t.exposeFloat("y", { description: "0 (top) to 1 (bottom)." }),
  }),
});

const types = new Map(GEOMETRIES.map(({ output: { name } }) => [name, builder.objectRef<AnyGeometry>(name)]));

/** Where a region lies. */
export const Geometry = builder.unionType("Geometry", {
  description: "Where a region lies. Unions and subtractions hold further ones: `Region.geometryJson` has all at once.",
  types: [...types.values()],
  resolveType: (geometry) => geometryKind(geometry).output.name,
});

/** The types by the names that kinds call them. */
const TYPES = {
  Boolean: "Boolean",
  Float: "Float",
  Geometry,
  Int: "Int",
  MaskChannel: MaskChannelEnum,
  Point,
  String: "String",
  WordsSource: WordsSourceEnum,
} as const;

type OutputType = (typeof TYPES)[keyof typeof TYPES] | OutputRefShape<unknown>;

for (const { output: { name, description, fields } } of GEOMETRIES) {
  types.get(name)?.implement({
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description, optional = false, value }]) => [
          field,
          t.field({
            type: typeOf(type),
            nullable: optional,
            description,
            resolve: (geometry) => value === undefined ? property(geometry, field) : value(geometry),
          }),
        ]),
      ),
  });
}

function typeOf(type: ValueType): OutputType {
  return typeof type === "string" ? TYPES[type] : new ListRef(typeOf(type[0]), false);
}

function property(geometry: AnyGeometry, field: string): unknown {
  return (geometry as AnyGeometry & Readonly<Record<string, unknown>>)[field];
}
