/** What is said of the selected region: its prompt, its place, how it is painted. */

import type { JSX } from "preact";

export function RegionPanel(): JSX.Element {
  return <section aria-label="Region"></section>;
}
