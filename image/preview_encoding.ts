/** How previews are encoded: small and quick, since the next one is already under way. */

import type { EncodeRequest } from "./encoder_protocol.ts";
import type { ImageFormat } from "./format.ts";

/** The quality of lossy previews, 1 to 100. */
const QUALITY = 75;

/** Linear previews have a pixel per latent cell; enlarged more than this they only cost more, they show no more. */
const ENLARGED = 4;

/** The longer edge, in pixels, at which a preview of this size is sent: its own times four, or `maxEdge` if that is less. */
export function previewEdge(
  { width, height }: { readonly width: number; readonly height: number },
  maxEdge: number,
): number {
  return Math.min(maxEdge, ENLARGED * Math.max(width, height));
}

/** The request for a preview that is to be sent with its longer edge at `edge` pixels. */
export function previewEncoding(format: ImageFormat, edge: number): EncodeRequest {
  return format === "PNG" ? { format, edge } : { format, edge, quality: QUALITY };
}
