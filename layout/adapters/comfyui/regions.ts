/** Conditionings as regions of a layout. */

import { type FieldPath, quote } from "../../../errors.ts";
import type { GeometrySpec, RegionSpec } from "../../layout.ts";
import { areaRegion, type Canvas } from "./areas.ts";
import { type Conditioning, type ConditioningArea, describe, isPlaced } from "./conditioning.ts";
import type { CoupledRegion } from "./couples.ts";
import { type Covered, coveredBy } from "./mask_geometry.ts";
import { composite, type MaskGrid, solid } from "./mask_grid.ts";
import type { MaskElsewhere } from "./masks.ts";
import type { Reading } from "./reading.ts";

/** What is not set in a file that names its areas completely. */
const WHOLE = { x: 0, y: 0, width: 1, height: 1 } as const;

/** Geometry of masks, worked out once for each of them. */
export class Regions {
  readonly #covered = new Map<MaskGrid, Covered>();

  constructor(private readonly reading: Reading, private readonly canvas: Canvas | null) {}

  /** The region of a conditioning; undefined where it has problems, which are then noted. */
  ofConditioning(conditioning: Conditioning): RegionSpec | undefined {
    const { text: prompt, area, mask, strength, maskStrength, start, end, path } = conditioning;
    const pixels = area?.unit === "PIXELS";
    if (pixels && this.canvas === null) {
      const rule = "must be on a canvas of known size: give one, or connect the sampler to an empty latent image";
      this.reading.findings.problem("INVALID_GEOMETRY", path, area, rule);
      return undefined;
    }
    const { x, y, width, height } = area ?? WHOLE;
    const own = { prompt, x, y, width, height, strength: strength * maskStrength, start, end };
    const region = areaRegion(own, pixels ? this.canvas : null, path, this.reading.findings);
    if (region === undefined || mask === null) return region;
    if ("elsewhere" in mask) return this.#toUpload(region, mask.elsewhere);
    return this.#masked(region, area === null ? mask.grid : this.#inside(mask.grid, region, conditioning), path);
  }

  /** A region of an attention-couple node. Weights reach further there than strengths do. */
  ofCouple({ conditioning, mask, weight }: CoupledRegion, prompt: string): RegionSpec | undefined {
    const { strength, start, end, path } = conditioning;
    if (mask === null) return undefined;
    if (isPlaced(conditioning)) {
      const message = `attention follows the region's mask, so the place of ${describe([conditioning])} was left out`;
      this.reading.findings.warn("SETTING_LEFT_OUT", path, message);
    }
    const region: RegionSpec = { prompt, geometry: { rectangle: WHOLE }, start, end, weight: weight * strength };
    if (!(weight * strength > 0)) {
      this.reading.findings.problem("OUT_OF_RANGE", path, weight * strength, "must have a weight above 0");
      return undefined;
    }
    return "elsewhere" in mask ? this.#toUpload(region, mask.elsewhere) : this.#masked(region, mask.grid, path);
  }

  #masked(region: RegionSpec, grid: MaskGrid, path: FieldPath): RegionSpec {
    const covered = this.#covered.get(grid) ?? coveredBy(grid);
    this.#covered.set(grid, covered);
    const { geometry, level, exact, feather } = covered;
    if (geometry === null) {
      this.reading.findings.warn("STRENGTH_ZERO", path, `the mask of ${said(region)} is empty, so it is not enabled`);
      return { ...region, enabled: false };
    }
    if (!exact) {
      const message = `the mask of ${said(region)} has several levels; all that it covers has the greatest, ${level}`;
      this.reading.findings.warn("MASK_APPROXIMATED", path, message);
    }
    const { weight } = region;
    return {
      ...region,
      geometry,
      ...(weight === null || weight === undefined || level === 1 ? {} : { weight: weight * level }),
      ...(feather === 0 ? {} : { feather }),
    };
  }

  /** A region keeps its prompt, but covers nothing before its mask is there. */
  #toUpload(region: RegionSpec, { files, channel, inverted, changed, path }: MaskElsewhere): RegionSpec {
    const prompt = said(region);
    if (files.length === 0) {
      const message =
        `the mask of ${prompt} is not drawn by nodes that are understood, so the region is not enabled; ` +
        "set its geometry, or upload the mask with uploadMask and name it there, then enable it";
      this.reading.findings.warn("MASK_LEFT_OUT", path, message);
    } else {
      const mask = `mask: { asset: "its id", ${channel}${inverted ? ", inverted: true" : ""} }`;
      const message = `the mask of ${prompt} is in ${files.map(quote).join(" and ")}, so the region is not enabled; ` +
        `upload it with uploadMask, set the region's geometry to { ${mask} } and enable it` +
        (changed ? "; what nodes do to that mask was left out" : "");
      this.reading.findings.warn("MASK_LEFT_OUT", path, message);
    }
    return { ...region, enabled: false };
  }

  /** What of a mask lies inside of an area. */
  #inside(grid: MaskGrid, { geometry }: RegionSpec, { path }: Conditioning): MaskGrid {
    const { x, y, width, height } = geometry?.rectangle ?? WHOLE;
    const empty = solid(0, grid.width, grid.height);
    const window = composite(
      empty,
      solid(1, width * grid.width, height * grid.height),
      x * grid.width,
      y * grid.height,
      "add",
    );
    const inside = window === undefined ? undefined : composite(grid, window, 0, 0, "multiply");
    if (inside !== undefined) return inside;
    this.reading.findings.problem("INVALID_GEOMETRY", path, geometry, "must be a mask of few enough rectangles");
    return empty;
  }
}

/** How a region is named in messages. */
function said({ prompt }: RegionSpec): string {
  return JSON.stringify(prompt.length <= 60 ? prompt : `${prompt.slice(0, 57)}...`);
}

/** What tells places from one another: negative prompts belong to the prompts of the same place. */
export function placeOf(
  { area, mask }: { readonly area: ConditioningArea | null; readonly mask: Conditioning["mask"] },
): string {
  if (mask === null) return JSON.stringify(area);
  const { geometry } = "grid" in mask ? coveredBy(mask.grid) : { geometry: null as GeometrySpec | null };
  return JSON.stringify([area, geometry, "elsewhere" in mask ? mask.elsewhere : null]);
}
