/** Nodes that pick a size: their widths and heights as numbers, and as empty latent images. */

import type { ComfyNode } from "./node.ts";
import type { Arguments } from "./rules.ts";

/** Where a node offers the size that it picked, and how it is worked out: [width, height] in pixels. */
interface SizePicker {
  readonly width: number;
  readonly height: number;
  readonly latent: number;
  readonly size: (args: Arguments) => readonly [number, number];
}

/** `1024 x 1024  (square)`, `896x1152 (0.78)`, `3:2 landscape 1216x832`. */
const WRITTEN = /(\d+)\s*x\s*(\d+)/;

const comfyroll = (latent: number): SizePicker => ({
  width: 0,
  height: 1,
  latent,
  size: ({ text, number, refuse }) => {
    const choice = text("aspect_ratio");
    const [width, height] = choice === "custom" ? [number("width"), number("height")] : written(choice) ?? [0, 0];
    if (width <= 0 || height <= 0) return refuse("aspect_ratio", "must name a size, for instance 1216x832");
    const factor = number("prescale_factor", 1);
    const [across, down] = text("swap_dimensions", "Off") === "On" ? [height, width] : [width, height];
    return [Math.trunc(across * factor), Math.trunc(down * factor)];
  },
});

export const SIZE_PICKERS: ReadonlyMap<string, SizePicker> = new Map([
  ["CR SDXL Aspect Ratio", comfyroll(4)],
  ["CR SD1.5 Aspect Ratio", comfyroll(4)],
  ["CR Aspect Ratio", comfyroll(5)],
  ["EmptyLatentImagePresets", {
    width: 1,
    height: 2,
    latent: 0,
    size: ({ text, flag, refuse }) => {
      const [width, height] = written(text("dimensions")) ??
        refuse("dimensions", "must be a size, for instance 768 x 512");
      return flag("invert", false) ? [height, width] : [width, height];
    },
  }],
  ["SDXLEmptyLatentSizePicker+", {
    width: 1,
    height: 2,
    latent: 0,
    size: ({ text, number, refuse }) => {
      const [width, height] = written(text("resolution")) ??
        refuse("resolution", "must be a size, for instance 1216x832");
      return [number("width_override", 0) || width, number("height_override", 0) || height];
    },
  }],
  ["SDXL Empty Latent Image (rgthree)", {
    width: -1,
    height: -1,
    latent: 0,
    size: ({ text, refuse }) =>
      written(text("dimensions")) ?? refuse("dimensions", "must be a size, for instance 1216 x 832"),
  }],
]);

/** How an output that is the width or height of a picked size is worked out; undefined for any other output. */
export function sizeAt(
  { node, slot }: { readonly node: ComfyNode; readonly slot: number },
): ((args: Arguments) => number) | undefined {
  const picker = SIZE_PICKERS.get(node.type);
  if (picker === undefined || (slot !== picker.width && slot !== picker.height)) return undefined;
  return (args) => picker.size(args)[slot === picker.width ? 0 : 1];
}

function written(text: string): readonly [number, number] | undefined {
  const match = WRITTEN.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}
