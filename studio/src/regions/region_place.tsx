/** Where the selected region lies, in numbers and words. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { GeometryInput } from "../api/generated.ts";
import { freeSelected, place } from "../canvas/actions.ts";
import { pickTool } from "../canvas/keys.ts";
import { boxAround, carryBox } from "../canvas/carry.ts";
import { keepMoved } from "../canvas/moved_masks.ts";
import { pictureSize } from "../canvas/view.ts";
import { type Box, boxOf, ellipseIn, type Kind, kindOf, rectangleIn } from "../draft/geometry.ts";
import { useUnreadable } from "../fields/unreadable.ts";
import { cellsOf, freeCells, placesOf } from "../draft/places.ts";
import { draft, editLayout, editRegion, endGroup, selected, selection } from "../draft/store.ts";

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  rectangle: "Rectangle",
  ellipse: "Ellipse",
  polygon: "Polygon",
  cell: "Cell of the grid",
  mask: "Painted mask",
  words: "Where words are found",
  union: "United shapes",
  subtraction: "Shape less others",
  rest: "The rest",
};

export function RegionPlace(): JSX.Element | null {
  const { layout } = draft.value;
  const [region] = selected.value;
  if (region === undefined) return null;
  const several = selected.value.length > 1;
  const geometry = placesOf(layout)[layout.regions.findIndex(({ key }) => key === region.key)] ?? null;
  const label = several ? `Place of ${selected.value.length} regions` : `Place of ${region.name}`;
  return (
    <fieldset class="place">
      <legend>{label}</legend>
      {!several && <KindField regionKey={region.key} geometry={geometry} />}
      <BoxFields />
      {!several && geometry !== null && <OwnFields regionKey={region.key} geometry={geometry} />}
      {!several && (
        <NumberField
          label="Depth"
          hint="The higher is in front, where the one in front wins"
          value={region.z ?? 0}
          onCommit={(z) => {
            editRegion(region.key, (old) => ({ ...old, z }));
            return null;
          }}
        />
      )}
    </fieldset>
  );
}

interface Placed {
  readonly regionKey: string;
  readonly geometry: GeometryInput;
}

/** The kind of place, and into which it can be made. */
function KindField(
  { regionKey, geometry }: Omit<Placed, "geometry"> & { readonly geometry: GeometryInput | null },
): JSX.Element {
  const { layout } = draft.value;
  const cells = cellsOf(layout);
  const now = geometry === null ? null : kindOf(geometry);
  const box = (geometry && boxOf(geometry, cells)) ?? { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
  const [free] = freeCells(layout);
  const hasRest = layout.regions.some((region) => region.geometry?.rest);
  const made: readonly (readonly [Kind, GeometryInput | null])[] = [
    ["rectangle", rectangleIn(box)],
    ["ellipse", ellipseIn(box)],
    ["polygon", { polygon: { points: cornersOf(box) } }],
    ["cell", free === undefined ? null : { cell: free }],
    ["words", { words: { of: "" } }],
    ["rest", hasRest ? null : { rest: true }],
  ];
  return (
    <label class="place-field">
      Kind
      <select
        value={now ?? ""}
        onChange={({ currentTarget: { value } }) => {
          const next = made.find(([kind]) => kind === value)?.[1];
          if (next) place(regionKey, next);
        }}
      >
        {now === null && <option value="">None yet</option>}
        {(Object.keys(KIND_NAMES) as Kind[])
          .filter((kind) => kind === now || made.some(([other, next]) => other === kind && next !== null))
          .map((kind) => <option key={kind} value={kind}>{KIND_NAMES[kind]}</option>)}
      </select>
    </label>
  );
}

function cornersOf({ x, y, width, height }: Box): readonly { readonly x: number; readonly y: number }[] {
  return [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
}

/** Left, top, width and height in pixels of the picture, where the selected regions can be moved. */
function BoxFields(): JSX.Element | null {
  const { layout } = draft.value;
  const keys = selection.value;
  const { width, height } = pictureSize.value;
  const box = boxAround(layout, keys);
  if (box === null) return null;
  const change = (changes: Partial<Box>): string | null => {
    const to = { ...box, ...changes };
    if (to.width <= 0 || to.height <= 0) return "must be more than 0";
    if (to.x < 0 || to.y < 0) return "must be at least 0";
    if (to.x + to.width > 1 + 1e-6) return `must end inside the picture, ${width} pixels wide`;
    if (to.y + to.height > 1 + 1e-6) return `must end inside the picture, ${height} pixels high`;
    editLayout((layout) => carryBox(layout, keys, box, to));
    keepMoved();
    return null;
  };
  return (
    <div class="numbers">
      <NumberField label="Left" unit="px" value={round(box.x * width)} onCommit={(x) => change({ x: x / width })} />
      <NumberField label="Top" unit="px" value={round(box.y * height)} onCommit={(y) => change({ y: y / height })} />
      <NumberField
        label="Width"
        unit="px"
        value={round(box.width * width)}
        onCommit={(w) => change({ width: w / width })}
      />
      <NumberField
        label="Height"
        unit="px"
        value={round(box.height * height)}
        onCommit={(h) => change({ height: h / height })}
      />
    </div>
  );
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

/** What only some kinds of place have. */
function OwnFields({ regionKey, geometry }: Placed): JSX.Element | null {
  if (geometry.cell !== undefined) return <CellFields regionKey={regionKey} geometry={geometry} />;
  if (geometry.words) return <WordsFields regionKey={regionKey} geometry={geometry} />;
  if (geometry.mask) {
    const { mask } = geometry;
    return (
      <>
        <label class="place-check">
          <input
            type="checkbox"
            checked={mask.inverted ?? false}
            onChange={({ currentTarget: { checked } }) => {
              const { inverted: _, ...plain } = mask;
              place(regionKey, { mask: checked ? { ...plain, inverted: true } : plain });
            }}
          />
          Inverted
        </label>
        <button type="button" onClick={() => pickTool("brush")}>Paint on it</button>
      </>
    );
  }
  if (geometry.rest) return <p class="hint">What no other region covers.</p>;
  return null;
}

function CellFields({ regionKey, geometry }: Placed): JSX.Element {
  const { layout } = draft.value;
  const free = freeCells(layout);
  const cells = [...free, geometry.cell ?? 0].toSorted((a, b) => a - b);
  return (
    <>
      <label class="place-field">
        Cell
        <select
          value={geometry.cell}
          onChange={({ currentTarget: { value } }) => place(regionKey, { cell: Number(value) })}
        >
          {cells.map((cell) => <option key={cell} value={cell}>{cell + 1} of {cellsOf(layout).length}</option>)}
        </select>
      </label>
      <button type="button" onClick={freeSelected}>Own shape</button>
    </>
  );
}

function WordsFields({ regionKey, geometry }: Placed): JSX.Element {
  const words = geometry.words ?? { of: "" };
  return (
    <>
      <label class="place-field">
        Words of the base prompt
        <input
          value={words.of}
          onInput={({ currentTarget: { value } }) =>
            place(regionKey, { words: { ...words, of: value } }, `words ${regionKey}`)}
          onBlur={endGroup}
        />
      </label>
      <NumberField
        label="Threshold"
        hint="0.01 to 0.99: lower covers more"
        value={words.threshold ?? 0.4}
        onCommit={(threshold) => {
          if (threshold < 0.01 || threshold > 0.99) return "must be 0.01 to 0.99";
          place(regionKey, { words: { ...words, threshold } });
          return null;
        }}
      />
    </>
  );
}

/** A number that counts once it is entered; what breaks a rule stays in the field, beside the rule. */
function NumberField({ label, unit, hint, value, onCommit }: {
  readonly label: string;
  readonly unit?: string;
  readonly hint?: string;
  readonly value: number;
  /** Takes the number, or says which rule it breaks. */
  readonly onCommit: (value: number) => string | null;
}): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const control = useUnreadable<HTMLInputElement>(fault === null ? undefined : `${label} ${fault}`);
  const id = `place-${label.toLowerCase()}`;
  return (
    <div class="place-field">
      <label for={id}>{label}{unit && ` (${unit})`}</label>
      <input
        id={id}
        ref={control}
        type="number"
        step="any"
        value={value}
        aria-invalid={fault !== null}
        aria-describedby={fault !== null || hint ? `${id}-said` : undefined}
        onChange={({ currentTarget }) => {
          const number = currentTarget.valueAsNumber;
          setFault(Number.isFinite(number) ? onCommit(number) : "must be a number");
        }}
        onBlur={endGroup}
      />
      {(fault !== null || hint) && (
        <span id={`${id}-said`} class={fault === null ? "hint" : "fault"}>
          {fault === null ? hint : `${label} ${fault}`}
        </span>
      )}
    </div>
  );
}
