/** The regions as a list, which can do all that the canvas can. */

import type { JSX } from "preact";

export function RegionList(): JSX.Element {
  return <section aria-label="Regions"></section>;
}
