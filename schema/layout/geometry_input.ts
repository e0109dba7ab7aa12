/** Geometries as clients send them: a one-of with a field for each kind, made of what `layout/shapes/` says of it. */

import { InputListRef, type InputRefShape } from "@pothos/core";
import type { Point } from "../../layout/fractions.ts";
import type { InputField, ObjectType, ValueType } from "../../layout/shapes/kind.ts";
import { GEOMETRIES, type GeometrySpec } from "../../layout/shapes/list.ts";
import { builder } from "../builder.ts";

export const MaskChannelEnum = builder.enumType("MaskChannel", {
  description: "What of a mask image is its coverage.",
  values: {
    ALPHA: { description: "Its alpha: opaque is covered." },
    LUMINANCE: { description: "Its luminance times its alpha: white is covered, black is not." },
    COLOUR: { description: "The pixels of one colour." },
  } as const,
});

export const WordsSourceEnum = builder.enumType("WordsSource", {
  description: "Whose attention to words makes a mask.",
  values: {
    BASE: { description: "The base prompt's." },
  } as const,
});

const PointInput = builder.inputRef<Point>("PointInput").implement({
  description: "A point in fractions of the canvas.",
  fields: (t) => ({
    x: t.float({ required: true, description: "0 (left) to 1 (right)." }),
    y: t.float({ required: true, description: "0 (top) to 1 (bottom)." }),
  }),
});

/** Lists as the builder takes them. */
type Mutable<T> = T extends readonly (infer Item)[] ? Mutable<Item>[]
  : T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
  : T;

/** Where a region lies. */
export const GeometryInput = builder.inputRef<Mutable<GeometrySpec>>("GeometryInput");

/** The types by the names that kinds call them. */
const TYPES = {
  Boolean: "Boolean",
  Float: "Float",
  Geometry: GeometryInput,
  Int: "Int",
  MaskChannel: MaskChannelEnum,
  Point: PointInput,
  String: "String",
  WordsSource: WordsSourceEnum,
} as const;

type InputType = (typeof TYPES)[keyof typeof TYPES] | InputRefShape<unknown>;

GeometryInput.implement({
  description: "Where a region lies: exactly one field is set.",
  isOneOf: true,
  fields: (t) =>
    Object.fromEntries(
      GEOMETRIES.map((
        { field, input: { type, description } },
      ) => [field, t.field({ type: typeOf(type), description })]),
    ),
});

function typeOf(type: ValueType | ObjectType<InputField>): InputType {
  if (typeof type === "string") return TYPES[type];
  return "fields" in type ? objectType(type) : new InputListRef(typeOf(type[0]), true);
}

function objectType({ name, description, fields }: ObjectType<InputField>): InputType {
  return builder.inputRef<object>(name).implement({
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description, optional }]) => [
          field,
          t.field({ type: typeOf(type), required: optional !== true, description }),
        ]),
      ),
  });
}
