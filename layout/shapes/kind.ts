/**
 * What a kind of geometry says of itself: how it is read, written, drawn and described. Each kind has a file of its own
 * and is named in `list.ts`; nothing else knows it.
 */

import type { FieldPath } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import type { KernelShape } from "../../wasm/shapes.ts";
import type { Keywords } from "../limits.ts";
import type { Mask } from "../masks/mask.ts";
import type { MaskImages } from "../masks/mask_image.ts";
import type { Cell } from "../masks/ratios.ts";
import type { SvgCanvas } from "../svg/canvas.ts";

/** Any geometry, for those that are made of others. */
export interface AnyGeometry {
  readonly kind: string;
}

/** A kind of geometry; `G` is its form in layouts, `Spec` the value of its field in `GeometrySpec`. */
export interface GeometryKind<G extends AnyGeometry = AnyGeometry, Spec = unknown> {
  readonly kind: G["kind"];
  /** Its field in `GeometrySpec`. */
  readonly field: string;
  /** How clients send it. */
  readonly input: InputValue;
  /** How clients read it. */
  readonly output: ObjectType<OutputField<G>>;
  /**
   * Checks what a caller sent in its field and fills in its defaults.
   * @param path Of the field.
   * @returns undefined where it has problems, which are then noted.
   */
  resolve(spec: unknown, path: FieldPath, reading: Reading): G | undefined;
  /** What a caller would send in its field for it, defaults left out. */
  spec(geometry: G, specOf: (part: AnyGeometry) => unknown): Spec;
}

/** A kind of geometry that covers something on its own account, and that others can be made of. */
export interface ShapeKind<S extends AnyGeometry = AnyGeometry, Spec = unknown> extends GeometryKind<S, Spec> {
  /**
   * The coverage of each pixel, without feather.
   * @param path Of its field in the layout.
   * @param part Draws a shape that it is made of.
   * @throws {InvalidInputError} where the canvas lacks what it needs.
   */
  mask(shape: S, canvas: Canvas, path: FieldPath, part: (shape: AnyGeometry, path: FieldPath) => Mask): Mask;
  /** The same as the kernels of `wasm/` draw it themselves, if they do. */
  kernel?(shape: S, canvas: Canvas): KernelShape;
  /**
   * SVG of the shape, filled with the inherited colour.
   * @param reach Pixels by which what touches the canvas's border is drawn beyond it: a blur then finds there what the
   *   feather of `masks/feather.ts` assumes, the border's own pixels.
   */
  fill(shape: S, canvas: SvgCanvas, reach: number, parts: PartsInSvg): string;
  /** SVG of the lines of its border, half of whose width lies outside of it; without it, `fill` serves. */
  edges?(shape: S, canvas: SvgCanvas, parts: PartsInSvg): string;
  /** The shapes that it is made of, in the order of its fields. */
  parts?(shape: S): readonly Part[];
  /** The cell of the layout's grid that it paints in. */
  cell?(shape: S): number;
  /** The image that it needs, by the SHA-256 of its file, and the field that names it. */
  image?(shape: S): { readonly asset: string; readonly field: string };
}

/** A shape that another one is made of. */
export interface Part {
  readonly shape: AnyGeometry;
  /** Where it stands below that one's field. */
  readonly path: FieldPath;
  /** Whether it is taken away. */
  readonly cut: boolean;
}

/** What the checks of a layout's geometries share. */
export interface Reading {
  readonly problems: Problems;
  /** The number of cells in the layout's grid; null without a grid, NaN where the grid itself is broken. */
  readonly cells: number | null;
  readonly usage: Usage;
  /** Whether the geometry is a part of another one. */
  readonly nested: boolean;
  /** Reads a shape that this one is made of. Undefined where it has problems, which are then noted. */
  shape(spec: unknown, path: FieldPath): AnyGeometry | undefined;
}

/** What a layout's geometries have used of its limits so far. */
export interface Usage {
  shapes: number;
  /** Of polygons and their holes. */
  points: number;
}

/** What shapes are drawn on: its size in pixels, the cells of the layout's grid and the images of painted masks. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
  readonly images: MaskImages;
}

/** Draws the shapes that one is made of. */
export interface PartsInSvg {
  fill(part: AnyGeometry, reach: number): string;
  edges(part: AnyGeometry): string;
}

/** The type of a value in GraphQL, named as clients read it, or a list of such values. */
export type ValueType =
  | "Boolean"
  | "Float"
  | "Geometry"
  | "Int"
  | "MaskChannel"
  | "Point"
  | "String"
  | "WordsSource"
  | readonly [ValueType];

/** A field of an object. */
export interface Field {
  readonly type: ValueType;
  readonly description: string;
  /** In what is sent, it may be left out or null; in what is read, it may be null. */
  readonly optional?: true;
}

/** A field of an object that clients send. */
export interface InputField extends Field {
  /** What its values may be, in JSON Schema's words, and the same of a list's items. */
  readonly keywords?: Keywords;
  readonly itemKeywords?: Keywords;
}

/** A field of an object that clients read. */
export interface OutputField<G extends AnyGeometry = AnyGeometry> extends Field {
  /** Its value; without it, that of the geometry's property of the same name. */
  value?(geometry: G): unknown;
}

/** An object type in GraphQL. */
export interface ObjectType<F extends Field> {
  readonly name: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, F>>;
}

/** The value of a geometry's field as clients send it. */
export interface InputValue {
  readonly description: string;
  readonly type: ValueType | ObjectType<InputField>;
  readonly keywords?: Keywords;
}
