/** What the JSON Schema of layouts says about values beyond their types, field by field. */

/** Keywords of JSON Schema's validation vocabulary. */
export type Keywords = Readonly<Record<string, string | number | boolean>>;

/** How far outside of the canvas rounding may put an edge, in fractions of the canvas: the rules allow as much. */
const TOLERANCE = 1e-9;

const COORDINATE: Keywords = { minimum: -TOLERANCE, maximum: 1 + TOLERANCE };
const LENGTH: Keywords = { exclusiveMinimum: 0, maximum: 1 + TOLERANCE };
const RING: Keywords = { minItems: 3, maxItems: 16_384 };

/**
 * Keywords by input type and field, `[]` for the items of a list. Whoever breaks them breaks a rule of `resolveLayout`;
 * rules that concern several fields at once, such as `x + width <= 1`, cannot be said here.
 */
export const RANGES: Readonly<Record<string, Keywords>> = {
  "LayoutInput.aspect": { minimum: 1 / 32, maximum: 32 },
  "NestedGridInput.cell": { minimum: 0 },
  "GridInput.ratios": { minLength: 1 },
  "PointInput.x": COORDINATE,
  "PointInput.y": COORDINATE,
  "RectangleInput.x": COORDINATE,
  "RectangleInput.y": COORDINATE,
  "RectangleInput.width": LENGTH,
  "RectangleInput.height": LENGTH,
  "EllipseInput.cx": COORDINATE,
  "EllipseInput.cy": COORDINATE,
  "EllipseInput.rx": LENGTH,
  "EllipseInput.ry": LENGTH,
  "PolygonInput.points": RING,
  "PolygonInput.holes[]": RING,
  "MaskInput.asset": { pattern: "^([0-9a-f]{64}|/images/[0-9a-f]{64}\\.\\w+(\\?\\S*)?)$" },
  "MaskInput.colour": { pattern: "^#[0-9a-fA-F]{6}$" },
  "GeometryInput.cell": { minimum: 0 },
  "GeometryInput.union": { minItems: 1 },
  "GeometryInput.rest": { const: true },
  "SubtractionInput.subtract": { minItems: 1 },
  "RegionInput.name": { pattern: "\\S" },
  "RegionInput.weight": { minimum: 1e-6, maximum: 1e6 },
  "RegionInput.baseRatio": { minimum: 0, maximum: 1 },
  "RegionInput.feather": { minimum: 0, maximum: 0.5 },
  "RegionInput.start": { minimum: 0, exclusiveMaximum: 1 },
  "RegionInput.end": { exclusiveMinimum: 0, maximum: 1 },
  "RegionInput.guidanceScale": { minimum: 0, maximum: 100 },
};
