/** A region's colour and number, as in the dry run's picture. */

import type { JSX } from "preact";
import { hex, labelColour, outlineColour, regionColour } from "../../../layout/picture/palette.ts";

export function Swatch({ index }: { readonly index: number }): JSX.Element {
  return (
    <span
      class="region-swatch"
      style={{
        backgroundColor: hex(regionColour(index)),
        borderColor: hex(outlineColour(index)),
        color: hex(labelColour(index)),
      }}
    >
      {index + 1}
    </span>
  );
}
