/** How previews are encoded: small and quick, since the next one is already under way. */

import type { EncodeRequest } from "./encoder_protocol.ts";
import type { ImageFormat } from "./format.ts";

/** The quality of lossy previews, 1 to 100. */
const QUALITY = 75;

/** The request for a preview at latent size, shown with its longer edge at `edge` pixels. */
export function previewEncoding(format: ImageFormat, edge: number): EncodeRequest {
  return format === "PNG" ? { format, edge } : { format, edge, quality: QUALITY };
}
