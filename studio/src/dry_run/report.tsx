/** What the dry run says of the layout: coverage, holes, warnings, time and memory. */

import type { JSX } from "preact";

export function DryRunReport(): JSX.Element {
  return <section aria-label="Check"></section>;
}
