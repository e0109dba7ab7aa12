/** Following a workflow's masks: those that nodes draw are geometry, those that files hold have to be uploaded. */

import type { FieldPath } from "../../../errors.ts";
import { composite, cropped, feathered, grown, isMaskOperation, mapped, type MaskGrid, solid } from "./mask_grid.ts";
import type { ComfyNode } from "./node.ts";
import type { Reading, Source } from "./reading.ts";
import type { Scalars } from "./scalars.ts";

/** A mask that no node of the workflow draws. */
export interface MaskElsewhere {
  /** The files that hold it, or parts of it; none where something works it out that is not understood. */
  readonly files: readonly string[];
  /** How a layout reads the file, for instance `channel: ALPHA`. */
  readonly channel: string;
  readonly inverted: boolean;
  /** What else becomes of it and is not said by a layout. */
  readonly changed: boolean;
  readonly path: FieldPath;
}

export type ReadMask = { readonly grid: MaskGrid } | { readonly elsewhere: MaskElsewhere };

/** Stands in for a mask that has a problem, which is noted. */
const BROKEN: ReadMask = { grid: solid(1, 1, 1) };

/** Files of one mask; more are no drawing by nodes. */
const MAX_FILES = 16;

/** The largest edge of a picture or mask there. */
const MAX_EDGE = 16_384;

export class Masks {
  readonly #known = new Map<string, ReadMask>();

  constructor(private readonly reading: Reading, private readonly scalars: Scalars) {}

  /** The mask of an input; undefined where none is connected, or what it comes from is left out. */
  read(node: ComfyNode, name: string): ReadMask | undefined {
    const source = this.reading.source(node, name);
    return source === null ? undefined : this.#follow(source, this.reading.at(node, name));
  }

  /** A mask that a node cannot do without. */
  #required(node: ComfyNode, name: string): ReadMask {
    const before = this.reading.findings.problems.length;
    const mask = this.read(node, name);
    if (mask === undefined && this.reading.findings.problems.length === before) {
      const rule = "must be connected to a mask that is not left out";
      this.reading.findings.problem("INVALID_VALUE", this.reading.at(node, name), node.inputs.get(name), rule);
    }
    return mask ?? BROKEN;
  }

  #follow(source: Source, at: FieldPath): ReadMask {
    return this.reading.once(this.#known, source, at, () => this.#make(source), BROKEN);
  }

  #make({ node, slot }: Source): ReadMask {
    const number = (name: string, fallback = 0) => this.scalars.number(node, name, fallback);
    switch (node.type) {
      case "SolidMask": {
        const [width, height] = [this.#edge(node, "width"), this.#edge(node, "height")];
        return { grid: solid(Math.min(1, Math.max(0, number("value", 1))), width, height) };
      }
      case "InvertMask": {
        const mask = this.#required(node, "mask");
        if ("grid" in mask) return { grid: mapped(mask.grid, (value) => 1 - value) };
        return { elsewhere: { ...mask.elsewhere, inverted: !mask.elsewhere.inverted } };
      }
      case "ThresholdMask": {
        const least = number("value", 0.5);
        return this.#changed(node, (mask) => mapped(mask, (value) => value > least ? 1 : 0));
      }
      case "CropMask":
        return this.#changed(
          node,
          (mask) => cropped(mask, number("x"), number("y"), number("width"), number("height")),
        );
      case "FeatherMask": {
        const [left, top, right, bottom] = [number("left"), number("top"), number("right"), number("bottom")];
        if (left + top + right + bottom === 0) return this.#required(node, "mask");
        const message = "its linear ramp was read as a Gaussian feather of the same spread around the whole region";
        this.reading.name("MASK_APPROXIMATED", node, message);
        return this.#changed(node, (mask) => {
          const within = (pixels: number, edge: number) => Math.min(Math.max(0, pixels), edge);
          return feathered(mask, {
            left: within(left, mask.width),
            right: within(right, mask.width),
            top: within(top, mask.height),
            bottom: within(bottom, mask.height),
          });
        });
      }
      case "GrowMask": {
        const by = number("expand");
        if (by !== 0 && this.scalars.read(node, "tapered_corners") !== false) {
          this.reading.name("MASK_APPROXIMATED", node, "its corners are square here, not tapered");
        }
        return this.#changed(node, (mask) => grown(mask, by));
      }
      case "MaskComposite":
        return this.#composite(node);
      case "LoadImageMask": {
        const channel = this.reading.literal(node, "channel");
        return this.#file(node, channel === "alpha" || channel === undefined);
      }
      case "LoadImage":
        return slot === 1 ? this.#file(node, true) : this.#unknown(node);
      case "ImageToMask": {
        const image = this.reading.source(node, "image");
        this.reading.literal(node, "channel");
        return image?.node.type === "LoadImage" ? this.#file(image.node, false) : this.#unknown(node);
      }
      case "RegionalConditioningColorMask //Inspire":
      case "RegionalPromptColorMask //Inspire":
        return this.ofColour(node);
      default:
        return this.#unknown(node);
    }
  }

  #composite(node: ComfyNode): ReadMask {
    const [destination, source] = [this.#required(node, "destination"), this.#required(node, "source")];
    const [x, y] = [this.scalars.number(node, "x", 0), this.scalars.number(node, "y", 0)];
    const operation = this.reading.literal(node, "operation");
    if (!isMaskOperation(operation)) {
      const rule = "must be one of multiply, add, subtract, and, or, xor";
      this.reading.findings.problem("INVALID_VALUE", this.reading.at(node, "operation"), operation, rule);
      return BROKEN;
    }
    if ("elsewhere" in destination || "elsewhere" in source) {
      return this.#together(node, [destination, source].flatMap((mask) => "elsewhere" in mask ? [mask.elsewhere] : []));
    }
    return this.#limited(node, composite(destination.grid, source.grid, x, y, operation));
  }

  /** The pixels of one colour of an image. */
  ofColour(node: ComfyNode): ReadMask {
    const image = this.reading.source(node, "color_mask");
    const colour = String(this.reading.literal(node, "mask_color"));
    const file = image === null ? null : this.reading.literal(image.node, "image");
    return {
      elsewhere: {
        files: typeof file === "string" ? [file] : [],
        channel: `channel: COLOUR, colour: ${JSON.stringify(colour)}`,
        inverted: false,
        changed: false,
        path: this.reading.at(node),
      },
    };
  }

  #changed(node: ComfyNode, change: (mask: MaskGrid) => MaskGrid | undefined): ReadMask {
    const mask = this.#required(node, "mask");
    return "grid" in mask ? this.#limited(node, change(mask.grid)) : this.#together(node, [mask.elsewhere]);
  }

  #limited(node: ComfyNode, grid: MaskGrid | undefined): ReadMask {
    if (grid !== undefined) return { grid };
    const rule = "must leave a part of the mask, drawn by few enough rectangles";
    this.reading.findings.problem("INVALID_GEOMETRY", this.reading.at(node), node.type, rule);
    return BROKEN;
  }

  /** Masks that nodes change or put together. */
  #together(node: ComfyNode, masks: readonly MaskElsewhere[]): ReadMask {
    const [first] = masks, files = [...new Set(masks.flatMap((mask) => mask.files))];
    if (first !== undefined && files.length <= MAX_FILES) {
      return { elsewhere: { ...first, files, changed: true } };
    }
    const rule = `must be put together of at most ${MAX_FILES} files`;
    this.reading.findings.problem("OUT_OF_RANGE", this.reading.at(node), files.length, rule);
    return BROKEN;
  }

  /** The mask that an image file is: what its alpha leaves, or how light it is. */
  #file(node: ComfyNode, alpha: boolean): ReadMask {
    const file = this.reading.literal(node, "image");
    return {
      elsewhere: {
        files: typeof file === "string" ? [file] : [],
        channel: `channel: ${alpha ? "ALPHA" : "LUMINANCE"}`,
        inverted: alpha,
        changed: false,
        path: this.reading.at(node),
      },
    };
  }

  #unknown(node: ComfyNode): ReadMask {
    const path = this.reading.at(node);
    return { elsewhere: { files: [], channel: "", inverted: false, changed: true, path } };
  }

  #edge(node: ComfyNode, name: string): number {
    const edge = this.scalars.number(node, name);
    if (edge >= 1 && edge <= MAX_EDGE) return edge;
    const rule = `must be from 1 to ${MAX_EDGE} pixels`;
    this.reading.findings.problem("OUT_OF_RANGE", this.reading.at(node, name), edge, rule);
    return 1;
  }
}
