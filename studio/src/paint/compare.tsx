/** Two pictures under a slider. */

import type { JSX } from "preact";

export function Compare(): JSX.Element {
  return <section aria-label="Compare"></section>;
}
