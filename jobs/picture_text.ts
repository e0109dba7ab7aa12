/** What a finished PNG says about itself. */

import type { GenerationRequest } from "./request.ts";

/** Text chunks by keyword: `parterre` holds the request as JSON, which makes the same picture again. */
export function pictureText(request: GenerationRequest): Readonly<Record<string, string>> {
  return { Software: "Parterre", parterre: JSON.stringify(request) };
}
