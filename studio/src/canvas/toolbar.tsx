/** The tools of the canvas: what a press draws, grids, what is done to the selected regions, the view. */

import type { JSX } from "preact";
import { selected } from "../draft/store.ts";
import { placesOf } from "../draft/places.ts";
import { seen } from "./tool.ts";
import {
  duplicateSelected,
  freeSelected,
  removeSelected,
  restackSelected,
  subtractSelected,
  uniteSelected,
} from "./actions.ts";
import { anew } from "../paint/anew.ts";
import { reroll } from "../paint/paint.ts";
import { GridMenu } from "./grid_menu.tsx";
import { IconButton, type IconName } from "./icons.tsx";
import { onCanvasKey, pickTool } from "./keys.ts";
import { helpOpen, outlines, selectsSeveral, type Tool, tool } from "./tool.ts";
import { fit, zoomBy } from "./view.ts";

const NAMES: Readonly<Record<Tool, readonly [label: string, key: string]>> = {
  select: ["Select", "V"],
  rectangle: ["Rectangle", "R"],
  ellipse: ["Ellipse", "E"],
  polygon: ["Polygon", "P"],
  brush: ["Brush", "B"],
};

export function Toolbar(): JSX.Element {
  return (
    <section aria-label="Tools" class="tools" onKeyDown={onCanvasKey}>
      <div role="group" aria-label="Draw">
        {(Object.keys(NAMES) as Tool[]).map((name) => (
          <IconButton
            key={name}
            icon={name satisfies IconName}
            label={NAMES[name][0]}
            keys={NAMES[name][1]}
            pressed={tool.value === name}
            onPress={() => pickTool(name)}
          />
        ))}
        <GridMenu />
      </div>
      <SelectionTools />
      <div role="group" aria-label="View" class="view">
        <IconButton
          icon="outlines"
          label="Outlines"
          keys="O"
          pressed={outlines.value}
          onPress={() => outlines.value = !outlines.value}
        />
        <IconButton icon="farther" label="Zoom out" keys="−" onPress={() => zoomBy(0.8)} />
        <IconButton icon="closer" label="Zoom in" keys="+" onPress={() => zoomBy(1.25)} />
        <IconButton icon="fit" label="Fit" keys="0" onPress={fit} />
        <IconButton icon="help" label="Keys" keys="?" onPress={() => helpOpen.value = true} />
      </div>
    </section>
  );
}

function SelectionTools(): JSX.Element {
  const count = selected.value.length;
  const places = placesOf(seen.value);
  const inCell = selected.value.some(({ key }) =>
    places[seen.value.regions.findIndex((region) => region.key === key)]?.cell !== undefined
  );
  return (
    <div role="group" aria-label="Selected regions">
      {anew.value && (
        <IconButton
          icon="anew"
          label={`Paint ${anew.value.name} anew`}
          waits={!anew.value.ready}
          onPress={() => anew.value && void reroll(anew.value.name)}
        />
      )}
      <IconButton
        icon="several"
        label="Select several"
        pressed={selectsSeveral.value}
        onPress={() => selectsSeveral.value = !selectsSeveral.value}
      />
      <IconButton icon="duplicate" label="Duplicate" keys="Ctrl+D" disabled={count === 0} onPress={duplicateSelected} />
      <IconButton
        icon="front"
        label="To the front"
        keys="Shift+]"
        disabled={count === 0}
        onPress={() => restackSelected("front")}
      />
      <IconButton
        icon="back"
        label="To the back"
        keys="Shift+["
        disabled={count === 0}
        onPress={() => restackSelected("back")}
      />
      <IconButton icon="unite" label="Unite" keys="U" disabled={count < 2} onPress={uniteSelected} />
      <IconButton
        icon="subtract"
        label="Subtract from the first"
        keys="S"
        disabled={count < 2}
        onPress={subtractSelected}
      />
      <IconButton icon="free" label="Own shape" keys="C" disabled={!inCell} onPress={freeSelected} />
      <IconButton icon="remove" label="Delete" keys="Delete" disabled={count === 0} onPress={removeSelected} />
    </div>
  );
}
