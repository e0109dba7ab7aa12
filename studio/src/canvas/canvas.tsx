/** The canvas: regions drawn, moved and resized, over the picture. */

import type { JSX } from "preact";

export function Canvas(): JSX.Element {
  return <section aria-label="Canvas"></section>;
}
