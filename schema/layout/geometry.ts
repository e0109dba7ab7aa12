/** Geometries as clients read them: a union with a type for each kind. */

import type { Geometry as AnyGeometry, Point as LayoutPoint } from "../../layout/layout.ts";
import { builder } from "../builder.ts";
import { MaskChannelEnum } from "./layout_input.ts";

type Kind<K extends AnyGeometry["kind"]> = Extract<AnyGeometry, { readonly kind: K }>;

const Point = builder.objectRef<LayoutPoint>("Point").implement({
  description: "A point in fractions of the canvas, origin top left.",
  fields: (t) => ({
    x: t.exposeFloat("x", { description: "0 (left) to 1 (right)." }),
    y: t.exposeFloat("y", { description: "0 (top) to 1 (bottom)." }),
  }),
});

const RectangleGeometry = builder.objectRef<Kind<"RECTANGLE">>("RectangleGeometry").implement({
  description: "A rectangle in fractions of the canvas.",
  fields: (t) => ({
    x: t.exposeFloat("x", { description: "Left edge, 0 (left) to 1 (right)." }),
    y: t.exposeFloat("y", { description: "Top edge, 0 (top) to 1 (bottom)." }),
    width: t.exposeFloat("width", { description: "Width, greater than 0." }),
    height: t.exposeFloat("height", { description: "Height, greater than 0." }),
  }),
});

const EllipseGeometry = builder.objectRef<Kind<"ELLIPSE">>("EllipseGeometry").implement({
  description: "An ellipse in fractions of the canvas.",
  fields: (t) => ({
    cx: t.exposeFloat("cx", { description: "Centre, 0 (left) to 1 (right)." }),
    cy: t.exposeFloat("cy", { description: "Centre, 0 (top) to 1 (bottom)." }),
    rx: t.exposeFloat("rx", { description: "Horizontal radius as a fraction of the width." }),
    ry: t.exposeFloat("ry", { description: "Vertical radius as a fraction of the height." }),
  }),
});

const PolygonGeometry = builder.objectRef<Kind<"POLYGON">>("PolygonGeometry").implement({
  description: "A closed polygon under the even-odd rule.",
  fields: (t) => ({
    points: t.field({ type: [Point], description: "Its corners, in order.", resolve: ({ points }) => [...points] }),
    holes: t.field({
      type: t.listRef(t.listRef(Point)),
      description: "Polygons that are cut out of it.",
      resolve: ({ holes }) => holes.map((hole) => [...hole]),
    }),
  }),
});

const MaskGeometry = builder.objectRef<Kind<"MASK">>("MaskGeometry").implement({
  description: "A painted mask, stretched over the canvas.",
  fields: (t) => ({
    asset: t.exposeString("asset", { description: "SHA-256 of the image file, 64 hexadecimal digits." }),
    channel: t.field({
      type: MaskChannelEnum,
      description: "What of the image is the mask.",
      resolve: ({ channel }) => channel,
    }),
    colour: t.exposeString("colour", {
      nullable: true,
      description: "`#rrggbb`: whose pixels are covered under COLOUR; null under the others.",
    }),
    inverted: t.exposeBoolean("inverted", { description: "Whether it covers what it would leave." }),
  }),
});

const CellGeometry = builder.objectRef<Kind<"CELL">>("CellGeometry").implement({
  description: "A cell of the layout's grid.",
  fields: (t) => ({
    cell: t.exposeInt("cell", { description: "Counted from 0 in the order the ratios are written." }),
  }),
});

const UnionGeometry = builder.objectRef<Kind<"UNION">>("UnionGeometry");
const SubtractionGeometry = builder.objectRef<Kind<"SUBTRACTION">>("SubtractionGeometry");

const RestGeometry = builder.objectRef<Kind<"REST">>("RestGeometry").implement({
  description: "What no other region covers.",
  fields: (t) => ({
    rest: t.boolean({ description: "Always true, as in the input.", resolve: () => true }),
  }),
});

/** The type of each kind. */
const TYPES = {
  RECTANGLE: "RectangleGeometry",
  ELLIPSE: "EllipseGeometry",
  POLYGON: "PolygonGeometry",
  MASK: "MaskGeometry",
  CELL: "CellGeometry",
  UNION: "UnionGeometry",
  SUBTRACTION: "SubtractionGeometry",
  REST: "RestGeometry",
} as const;

/** Where a region lies. */
export const Geometry = builder.unionType("Geometry", {
  description: "Where a region lies. Unions and subtractions hold further ones: `Region.geometryJson` has all at once.",
  types: [
    RectangleGeometry,
    EllipseGeometry,
    PolygonGeometry,
    MaskGeometry,
    CellGeometry,
    UnionGeometry,
    SubtractionGeometry,
    RestGeometry,
  ],
  resolveType: ({ kind }) => TYPES[kind],
});

UnionGeometry.implement({
  description: "All that any of several shapes covers.",
  fields: (t) => ({
    of: t.field({ type: [Geometry], description: "The shapes.", resolve: ({ of }) => [...of] }),
  }),
});

SubtractionGeometry.implement({
  description: "A shape, less others.",
  fields: (t) => ({
    from: t.field({ type: Geometry, description: "What is cut.", resolve: ({ from }) => from }),
    subtract: t.field({
      type: [Geometry],
      description: "What is cut out of it.",
      resolve: ({ subtract }) => [...subtract],
    }),
  }),
});
