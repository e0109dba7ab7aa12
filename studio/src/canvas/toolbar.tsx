/** The tools of the canvas: what a drag draws, grids, order, undo. */

import type { JSX } from "preact";

export function Toolbar(): JSX.Element {
  return <section aria-label="Tools"></section>;
}
