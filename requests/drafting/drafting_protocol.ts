/** What the two threads of the drafter say to each other. */

import type { ImageFormat } from "../../image/format.ts";
import type { Outcome } from "../../image/outcome.ts";
import type { Layout } from "../../layout/layout.ts";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { LayoutReport } from "../../layout/report/report.ts";
import type { LatentSize } from "../../layout/weights/levels.ts";

/** A layout on a canvas. Its images are copied, except where their pixels are in shared memory. */
export interface Draft {
  readonly layout: Layout;
  readonly size: LatentSize;
  readonly images: MaskImages;
}

/** The worker's side, called through comlink. Never rejects: every way a call can end is an outcome. */
export interface DraftingApi {
  /** Fails where the policy ERROR meets holes in one of the given sets of painting regions. */
  check(draft: Draft, paints: readonly (readonly boolean[])[]): Promise<Outcome<null>>;
  report(draft: Draft, levels: number, steps: number): Promise<Outcome<LayoutReport>>;
  svg(draft: Draft): Promise<Outcome<string>>;
  /** A file. */
  picture(draft: Draft, format: ImageFormat): Promise<Outcome<Uint8Array>>;
}
