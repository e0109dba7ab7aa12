/** How the brush paints: over the canvas, so that nothing moves when it is taken up. */

import type { JSX } from "preact";
import { IconButton } from "./icons.tsx";
import { brush } from "./tool.ts";

export function BrushSettings(): JSX.Element {
  return (
    <div role="group" aria-label="Brush settings" class="brush-settings">
      <IconButton
        icon="erase"
        label="Erase"
        keys="X"
        pressed={brush.value.erases}
        onPress={() => brush.value = { ...brush.value, erases: !brush.value.erases }}
      />
      <label class="brush-width">
        Width
        <input
          type="range"
          min="1"
          max="100"
          value={Math.round(100 * brush.value.width)}
          aria-valuetext={`${Math.round(100 * brush.value.width)} % of the short edge`}
          onInput={({ currentTarget }) => brush.value = { ...brush.value, width: Number(currentTarget.value) / 100 }}
        />
      </label>
    </div>
  );
}
