/** What can be added to the regions, and what can be done with those that are selected. */

import type { JSX } from "preact";
import {
  add,
  addKind,
  duplicateSelected,
  freeSelected,
  removeSelected,
  restackSelected,
  selectAll,
  subtractSelected,
  switchSelected,
  uniteSelected,
} from "../canvas/actions.ts";
import { pickTool } from "../canvas/keys.ts";
import { Popup } from "../canvas/popup.tsx";
import { storeMask } from "../canvas/mask_store.ts";
import { note, renaming } from "../canvas/tool.ts";
import { reorder, whyNotCombine } from "../draft/arrange.ts";
import { draft, editLayout, selected, selection } from "../draft/store.ts";
import { freeCells, placesOf } from "../draft/places.ts";

export function AddMenu(): JSX.Element {
  const { layout } = draft.value;
  const rest = layout.regions.some(({ geometry }) => geometry?.rest);
  return (
    <Popup icon="add" label="Add">
      <Choice label="Rectangle" onChoose={() => addKind("rectangle")} />
      <Choice label="Ellipse" onChoose={() => addKind("ellipse")} />
      <Choice label="Polygon" onChoose={() => addKind("polygon")} />
      <Choice label="Painted by brush" onChoose={() => pickTool("brush")} />
      <label class="popup-file">
        Mask from a file…
        <input
          type="file"
          class="visually-hidden"
          accept="image/png,image/jpeg,image/webp"
          onChange={({ currentTarget: { files } }) => void addMask(files?.[0])}
        />
      </label>
      <Choice
        label="Free cell of the grid"
        disabled={freeCells(layout).length === 0}
        onChoose={() => addKind("cell")}
      />
      <Choice label="Where words are found" onChoose={() => addKind("words")} />
      <Choice label="The rest" disabled={rest} onChoose={() => addKind("rest")} />
    </Popup>
  );
}

async function addMask(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    add({ mask: { asset: await storeMask(file) } });
  } catch (error) {
    note.value = `The mask could not be added: ${error instanceof Error ? error.message : error}`;
  }
}

export function ChangeMenu(): JSX.Element {
  const { layout } = draft.value;
  const keys = selected.value.map(({ key }) => key);
  const none = keys.length === 0;
  const apart = whyNotCombine(layout, keys) !== null;
  const places = placesOf(layout);
  const inCell = layout.regions.some(({ key }, i) => keys.includes(key) && places[i]?.cell !== undefined);
  const shift = (by: number) => {
    const [key] = keys;
    if (key !== undefined) editLayout((layout) => reorder(layout, key, by));
  };
  return (
    <Popup icon="rename" label="Change">
      <Choice
        label="Rename"
        disabled={none}
        onChoose={() => renaming.value = selection.peek().at(-1) ?? null}
      />
      <Choice label="Duplicate" disabled={none} onChoose={duplicateSelected} />
      <Choice label="Switch on or off" disabled={none} onChoose={switchSelected} />
      <Choice label="Move up in the list" disabled={keys.length !== 1} onChoose={() => shift(-1)} />
      <Choice label="Move down in the list" disabled={keys.length !== 1} onChoose={() => shift(1)} />
      <Choice label="To the front" disabled={none} onChoose={() => restackSelected("front")} />
      <Choice label="To the back" disabled={none} onChoose={() => restackSelected("back")} />
      <Choice label="Unite" disabled={apart} onChoose={uniteSelected} />
      <Choice label="Subtract from the first" disabled={apart} onChoose={subtractSelected} />
      <Choice label="Own shape instead of a cell" disabled={!inCell} onChoose={freeSelected} />
      <Choice label="Select all" disabled={layout.regions.length === 0} onChoose={selectAll} />
      <Choice label="Delete" disabled={none} onChoose={removeSelected} />
    </Popup>
  );
}

function Choice({ label, disabled = false, onChoose }: {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onChoose: () => void;
}): JSX.Element {
  return <button type="button" disabled={disabled} onClick={onChoose}>{label}</button>;
}
