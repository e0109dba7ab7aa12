/** The regions as a list, which can do all that the canvas can. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Overlap } from "../api/generated.ts";
import { escape } from "../canvas/gestures.ts";
import { select } from "../canvas/actions.ts";
import { maskRefused } from "../canvas/mask_store.ts";
import { renaming } from "../canvas/tool.ts";
import { onRegionKey } from "../canvas/keys.ts";
import { reorder } from "../draft/arrange.ts";
import { draft, editLayout, endGroup, selection } from "../draft/store.ts";
import { AddMenu, ChangeMenu } from "./region_menus.tsx";
import { RegionPlace } from "./region_place.tsx";
import { RegionRow } from "./region_row.tsx";

export function RegionList(): JSX.Element {
  const { regions, overlap } = draft.value.layout;
  const list = useRef<HTMLUListElement>(null);
  /** The row that Tab stops at: the last selected one. */
  const current = regions.find(({ key }) => key === selection.value.at(-1))?.key ?? regions[0]?.key;

  const focusRow = (key: string) => list.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  const onKey = (event: JSX.TargetedKeyboardEvent<HTMLUListElement>) => {
    if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return;
    const row = event.target instanceof HTMLElement ? event.target.closest("li") : null;
    const at = regions.findIndex(({ key }) => key === row?.querySelector<HTMLElement>("[data-key]")?.dataset.key);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: regions.length - 1 }[event.key];
    const key = regions[at]?.key;
    if (to !== undefined && key !== undefined) {
      event.preventDefault();
      if (event.altKey) {
        editLayout((layout) => reorder(layout, key, to - at));
        requestAnimationFrame(() => focusRow(key));
        return;
      }
      const next = regions[to];
      if (next === undefined) return;
      if (event.shiftKey) select([...selection.peek().filter((other) => other !== next.key), next.key]);
      else if (!event.ctrlKey) select([next.key]);
      focusRow(next.key);
      return;
    }
    if (event.key === "Escape" ? escape() : onRegionKey(event)) {
      event.preventDefault();
      if (event.key === "Delete" || event.key === "Backspace") {
        const left = draft.peek().layout.regions;
        const neighbour = left[Math.min(at, left.length - 1)];
        if (neighbour !== undefined) requestAnimationFrame(() => focusRow(neighbour.key));
      }
    }
  };

  return (
    <section aria-label="Regions" class="regions">
      <header>
        <h2>Regions</h2>
        <AddMenu />
        <ChangeMenu />
      </header>
      {regions.length === 0 && (
        <p class="empty">
          No regions yet: draw one on the canvas, choose a grid, or add one here. Without any, the base prompt paints
          the whole picture.
        </p>
      )}
      <ul ref={list} onKeyDown={onKey} onKeyUp={(event) => event.key.startsWith("Arrow") && endGroup()}>
        {regions.map((region, index) => (
          <RegionRow
            key={region.key}
            region={region}
            index={index}
            current={region.key === current}
            renamed={renaming.value === region.key}
            onRenamed={() => requestAnimationFrame(() => focusRow(region.key))}
          />
        ))}
      </ul>
      {maskRefused.value !== null && <p class="fault" role="alert">{maskRefused.value}</p>}
      <RegionPlace />
      {regions.length > 1 && (
        <label class="place-field" data-path="layout.overlap">
          Where regions overlap
          <select
            value={overlap ?? "NORMALIZE"}
            onChange={({ currentTarget: { value } }) =>
              editLayout((layout) => ({ ...layout, overlap: value as Overlap }))}
          >
            <option value="NORMALIZE">They share by weight</option>
            <option value="Z_ORDER">The one in front wins</option>
          </select>
        </label>
      )}
    </section>
  );
}
