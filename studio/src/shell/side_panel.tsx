/** The panels beside the canvas, one open at a time, as tabs. */

import type { ComponentType, JSX } from "preact";
import { Layouts } from "../layouts/layouts.tsx";
import { RegionPanel } from "../regions/region_panel.tsx";
import { Restore } from "../restore/restore.tsx";
import { PicturePanel } from "../settings/picture_panel.tsx";
import { TakeAway } from "../take_away/take_away.tsx";
import { type Panel, panel, PANELS } from "./panels.ts";

const ROOMS: Readonly<Record<Panel, { readonly label: string; readonly Room: ComponentType }>> = {
  region: { label: "Region", Room: RegionPanel },
  picture: { label: "Picture", Room: PicturePanel },
  layouts: { label: "Saved", Room: Layouts },
  open: { label: "Open", Room: Restore },
  "take-away": { label: "Take away", Room: TakeAway },
};

export function SidePanel(): JSX.Element {
  const { Room } = ROOMS[panel.value];
  return (
    <aside class="right" id="panels-room" aria-label="Panels" tabIndex={-1}>
      <div role="tablist" aria-label="Panels" onKeyDown={moveFocus}>
        {PANELS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={panel.value === name}
            aria-controls="panel"
            tabIndex={panel.value === name ? 0 : -1}
            onClick={() => panel.value = name}
          >
            {ROOMS[name].label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="panel" tabIndex={-1} aria-labelledby={`tab-${panel.value}`}>
        <Room />
      </div>
    </aside>
  );
}

/** Arrows move between tabs. Source: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
function moveFocus(event: JSX.TargetedKeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  const next = PANELS[(PANELS.indexOf(panel.value) + step + PANELS.length) % PANELS.length];
  if (next === undefined) return;
  panel.value = next;
  document.getElementById(`tab-${next}`)?.focus();
}
