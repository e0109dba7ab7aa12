/** A generation as it is queued and stored. */

import type { PictureRequest } from "../compute/pipeline/request.ts";

/** A version of a saved layout. */
export interface SavedLayoutVersion {
  readonly id: string;
  readonly version: number;
}

/** What to paint, and where that was taken from. Plain JSON. */
export interface GenerationRequest extends PictureRequest {
  /** Where the layout was taken from; null: it was sent. The picture does not depend on it. */
  readonly savedLayout: SavedLayoutVersion | null;
  /** How many pictures, 2 or more, of this seed and those after it; absent for one. */
  readonly count?: number;
}
