/** One region in the list: its switch, its name and prompt, what is wrong with it. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { select, switched, toggleSelected } from "../canvas/actions.ts";
import { renaming } from "../canvas/tool.ts";
import { reorder } from "../draft/arrange.ts";
import type { DraftRegion } from "../draft/draft.ts";
import { draft, editLayout, editRegion, selection } from "../draft/store.ts";
import { problems, warningsByRegion } from "../dry_run/dry_run.ts";
import { Swatch } from "./swatch.tsx";

/** What a dragged row is known by. */
const DRAGGED = "application/x-parterre-region";

export function RegionRow({ region, index, current, renamed, onRenamed }: {
  readonly region: DraftRegion;
  readonly index: number;
  /** Whether Tab stops here. */
  readonly current: boolean;
  /** Whether its name is being edited. */
  readonly renamed: boolean;
  readonly onRenamed: () => void;
}): JSX.Element {
  const chosen = selection.value.includes(region.key);
  const stop = current ? 0 : -1;
  const faults = faultsOf(region.name, index);
  const press = (event: JSX.TargetedMouseEvent<HTMLButtonElement>) => {
    if (event.ctrlKey || event.metaKey) toggleSelected(region.key);
    else if (event.shiftKey) selectTo(index);
    else select([region.key]);
  };
  return (
    <li
      class={chosen ? "chosen" : ""}
      draggable={!renamed}
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, region.key)}
      onDragOver={(event) => event.dataTransfer?.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={(event) => {
        const key = event.dataTransfer?.getData(DRAGGED);
        if (!key) return;
        event.preventDefault();
        const from = draft.peek().layout.regions.findIndex((other) => other.key === key);
        editLayout((layout) => reorder(layout, key, index - from));
      }}
    >
      <label class="switch">
        <input
          type="checkbox"
          checked={region.enabled !== false}
          tabIndex={stop}
          aria-label={`Paint ${region.name}`}
          onChange={({ currentTarget: { checked } }) => editRegion(region.key, (old) => switched(old, checked))}
        />
      </label>
      {renamed ? <NameField region={region} onDone={onRenamed} /> : (
        <button
          type="button"
          class="row"
          data-key={region.key}
          tabIndex={stop}
          aria-pressed={chosen}
          aria-describedby={faults.length > 0 ? `faults-${region.key}` : undefined}
          onClick={press}
          onDblClick={() => renaming.value = region.key}
        >
          <Swatch index={index} /> <span class="name">{region.name}</span>{" "}
          <span class="prompt">{region.prompt || "no prompt yet"}</span>
        </button>
      )}
      {faults.length > 0 && (
        <span class="badge" id={`faults-${region.key}`} title={faults.join("\n")}>
          <span aria-hidden="true">⚠ {faults.length}</span>
          <span class="visually-hidden">{faults.join(" ")}</span>
        </span>
      )}
    </li>
  );
}

function NameField({ region, onDone }: { readonly region: DraftRegion; readonly onDone: () => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const close = (name: string | null) => {
    if (renaming.peek() !== region.key) return;
    renaming.value = null;
    if (name !== null && name.trim() !== "" && name !== region.name) {
      editRegion(region.key, (old) => ({ ...old, name }));
    }
    onDone();
  };
  return (
    <input
      ref={field}
      class="row"
      aria-label={`New name of ${region.name}`}
      defaultValue={region.name}
      maxLength={200}
      onBlur={({ currentTarget: { value } }) => close(value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") close(event.currentTarget.value);
        else if (event.key === "Escape") close(null);
      }}
    />
  );
}

/** What the dry run says of a region: problems, then warnings. */
function faultsOf(name: string, index: number): readonly string[] {
  const wrong = problems.value.filter(({ path: [of, list, at] }) =>
    of === "layout" && list === "regions" && at === String(index)
  );
  const warned = warningsByRegion.value.get(name) ?? [];
  return [...wrong, ...warned].map(({ message }) => message);
}

/** Selects from the last selected row to this one. */
function selectTo(index: number): void {
  const { regions } = draft.peek().layout;
  const last = regions.findIndex(({ key }) => key === selection.peek().at(-1));
  const [from, to] = last < 0 ? [index, index] : [Math.min(last, index), Math.max(last, index)];
  const span = regions.slice(from, to + 1).map(({ key }) => key);
  select([...selection.peek().filter((key) => !span.includes(key)), ...span]);
}
