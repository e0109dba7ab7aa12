/** Saved layouts, their versions and what changed between them. */

import type { JSX } from "preact";

export function Layouts(): JSX.Element {
  return <section aria-label="Saved layouts"></section>;
}
