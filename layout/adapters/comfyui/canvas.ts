/** The size of the empty latent image that a sampler begins with. */

import { quote } from "../../../errors.ts";
import type { Canvas } from "./areas.ts";
import { LOADERS } from "./encoders.ts";
import type { ComfyNode } from "./node.ts";
import type { Reading, Source } from "./reading.ts";
import { numberOf, type Scalars, Unknown } from "./scalars.ts";
import { SIZE_PICKERS } from "./sizes.ts";

/** The inputs by which a latent image comes to a node, or is handed on by it. */
const LATENTS = ["latent_image", "latent", "samples", "optional_latent"];

/** Longer lines of latent images are no picture's. */
const MAX_NODES = 100;

/** The canvas in pixels; null where the line ends at no empty latent image, or its size cannot be worked out. */
export function canvasOf(reading: Reading, scalars: Scalars, nodes: readonly ComfyNode[]): Canvas | null {
  let source = nodes.map((node) => latentOf(reading, node)).find((found) => found !== null) ?? null;
  source ??= nodes.filter(({ type }) => LOADERS.has(type)).map((node): Source => ({ node, slot: -1 }))[0] ?? null;
  for (let i = 0; source !== null && i < MAX_NODES; i++) {
    const { node, slot } = source;
    const picker = SIZE_PICKERS.get(node.type), loader = LOADERS.get(node.type);
    if (picker !== undefined && slot === picker.latent) {
      const sizes = scalars.size(source);
      return sizes === undefined ? null : positive(...sizes);
    }
    if (loader !== undefined && (slot === loader.latent || slot === -1)) {
      return sizeOf(reading, scalars, node, "empty_latent_width", "empty_latent_height");
    }
    if (/^Empty.*Latent/.test(node.type)) return sizeOf(reading, scalars, node, "width", "height");
    source = latentOf(reading, node);
  }
  return null;
}

function latentOf(reading: Reading, node: ComfyNode): Source | null {
  const name = LATENTS.find((own) => reading.connected(node, own));
  return name === undefined ? null : reading.through(node, name);
}

function sizeOf(reading: Reading, scalars: Scalars, node: ComfyNode, across: string, down: string): Canvas | null {
  const sizes = [across, down].map((name) => {
    const read = scalars.setting(node, name), value = numberOf(read);
    if (value === undefined || value <= 0) {
      const got = quote(read instanceof Unknown ? read.value : read);
      const message = `${name} must be a number above 0, got ${got}; the picture's size was left out`;
      reading.findings.warn("SETTING_LEFT_OUT", reading.at(node, name), message);
    }
    return value;
  });
  return positive(...sizes);
}

function positive(width?: number, height?: number): Canvas | null {
  return width !== undefined && height !== undefined && width > 0 && height > 0 ? { width, height } : null;
}
