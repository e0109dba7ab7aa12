/** A layer of InvokeAI's regional guidance as a region. */

import type { FieldPath } from "../../../errors.ts";
import type { GeometrySpec, Rectangle, RegionSpec } from "../../layout.ts";
import type { Findings } from "../adapted.ts";
import { isObject, type JsonObject, listOf, textOf } from "../json.ts";

/** The picture's size in pixels. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** A box in pixels of the canvas. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A layer's union has at most 63 shapes. */
const MAX_SHAPES = 63;

/** What a layer lies on. */
export interface Surroundings {
  /** Null where the file does not say it: then no place can be told. */
  readonly canvas: Canvas | null;
  /** Paints layers that have no prompt of their own. */
  readonly basePrompt: string;
  /** Names that layers before it have. */
  readonly names: Set<string>;
  readonly findings: Findings;
}

/** The region of a layer; none of one without text and place. */
export function readGuidance(layer: JsonObject, at: FieldPath, surroundings: Surroundings): RegionSpec[] {
  const { canvas, basePrompt, names, findings } = surroundings;
  const prompt = textOf(layer["positivePrompt"]), negative = textOf(layer["negativePrompt"]);
  const objects = [...listOf(layer["objects"]), ...listOf(layer["maskObjects"])].filter(isObject);
  if (prompt === "" && negative === "" && objects.length === 0) return [];
  const position = isObject(layer["position"]) ? layer["position"] : layer;
  const shift = { x: finite(position["x"]) ?? 0, y: finite(position["y"]) ?? 0 };
  if (canvas !== null && objects.length > 0) {
    const message = "the file does not say where the picture lies on its canvas: it was taken to begin at the origin";
    if (!findings.warnings.some(({ code }) => code === "PLACE_ASSUMED")) findings.warn("PLACE_ASSUMED", at, message);
  }
  const { geometry, exact } = placeOf(objects, shift, canvas, at, findings);
  const autoNegative = layer["autoNegative"];
  if (autoNegative === true || autoNegative === "invert") {
    const message = "autoNegative, which keeps the prompt away from everywhere else, has no counterpart here";
    findings.warn("SETTING_LEFT_OUT", [...at, "autoNegative"], message);
  }
  const images = [...listOf(layer["referenceImages"]), ...listOf(layer["ipAdapters"])];
  if (images.length > 0) {
    findings.warn("SETTING_LEFT_OUT", at, `its reference images, ${images.length}, have no counterpart here`);
  }
  const name = textOf(layer["name"]);
  const unique = name !== "" && !names.has(name);
  names.add(name);
  return [{
    ...(unique ? { name } : {}),
    prompt: prompt === "" ? basePrompt : prompt,
    ...(negative === "" ? {} : { negativePrompt: negative }),
    geometry,
    enabled: exact && layer["isEnabled"] !== false,
  }];
}

/** Rectangles exactly; strokes and images as the box around what is known of them, which is not where they lie. */
function placeOf(
  objects: readonly JsonObject[],
  shift: { readonly x: number; readonly y: number },
  canvas: Canvas | null,
  at: FieldPath,
  findings: Findings,
): { readonly geometry: GeometrySpec; readonly exact: boolean } {
  const whole: GeometrySpec = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  const boxes = objects.map((object) => boxOf(object, shift));
  const rectangles = objects.every(({ type }) => type === "rect" || type === "vector_mask_rect");
  const known = boxes.filter((box) => box !== undefined);
  const inside = canvas === null ? [] : known.flatMap((box) => cropped(box, canvas, at, findings));
  const exact = rectangles && known.length === objects.length && inside.length > 0 && inside.length <= MAX_SHAPES;
  if (exact) {
    const shapes = inside.map((rectangle): GeometrySpec => ({ rectangle }));
    const [first = whole] = shapes;
    return { geometry: shapes.length === 1 ? first : { union: shapes }, exact };
  }
  const reason = canvas === null
    ? "the file does not say how large the picture is"
    : objects.length === 0
    ? "the file does not say where it lies"
    : inside.length === 0
    ? "it lies outside of the picture"
    : "it is painted by brush, or by too many rectangles; the box is that of its strokes";
  findings.warn("MASK_LEFT_OUT", at, `${reason}: the region is switched off until it has a geometry`);
  return { geometry: inside.length > 0 ? { rectangle: around(inside) } : whole, exact: false };
}

/** The box of a rectangle, or of a stroke with its width; undefined for what the file does not say, such as images. */
function boxOf(object: JsonObject, shift: { readonly x: number; readonly y: number }): Box | undefined {
  const fields = isObject(object["rect"]) ? object["rect"] : object;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => finite(fields[name]));
  if (x !== undefined && y !== undefined && width !== undefined && height !== undefined) {
    const left = x + shift.x, top = y + shift.y;
    return { left, top, right: left + width, bottom: top + height };
  }
  const points = listOf(object["points"]).map(finite);
  const stride = String(object["type"]).endsWith("with_pressure") ? 3 : 2;
  const half = (finite(object["strokeWidth"]) ?? 0) / 2;
  const eraser = String(object["type"]).startsWith("eraser") || object["tool"] === "eraser";
  if (points.length < stride || eraser || points.some((point) => point === undefined)) return undefined;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i + 1 < points.length; i += stride) {
    const px = (points[i] ?? 0) + shift.x, py = (points[i + 1] ?? 0) + shift.y;
    box.left = Math.min(box.left, px - half);
    box.right = Math.max(box.right, px + half);
    box.top = Math.min(box.top, py - half);
    box.bottom = Math.max(box.bottom, py + half);
  }
  return box;
}

/** The part of a box that is on the canvas, in fractions of it; none of a box beside it. */
function cropped(
  { left, top, right, bottom }: Box,
  { width, height }: Canvas,
  at: FieldPath,
  findings: Findings,
): Rectangle[] {
  const inside = {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  };
  if (!(inside.left < inside.right && inside.top < inside.bottom)) return [];
  if (inside.left > left || inside.top > top || inside.right < right || inside.bottom < bottom) {
    findings.warn("AREA_CROPPED", at, "it reaches beyond the picture, so it was cropped");
  }
  return [{
    x: inside.left / width,
    y: inside.top / height,
    width: (inside.right - inside.left) / width,
    height: (inside.bottom - inside.top) / height,
  }];
}

function around(rectangles: readonly Rectangle[]): Rectangle {
  let left = 1, top = 1, right = 0, bottom = 0;
  for (const { x, y, width, height } of rectangles) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, Math.min(1, x + width));
    bottom = Math.max(bottom, Math.min(1, y + height));
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function finite(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
