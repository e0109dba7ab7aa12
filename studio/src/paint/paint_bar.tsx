/** The button that paints, and how far the picture is. */

import type { JSX } from "preact";

export function PaintBar(): JSX.Element {
  return <section aria-label="Paint"></section>;
}
