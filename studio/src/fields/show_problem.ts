/** Goes to the field that a problem or a warning names: its panel, its fold, its control. */

import { batch } from "@preact/signals";
import { draft, selection } from "../draft/store.ts";
import type { Problem } from "../dry_run/dry_run.ts";
import { panel } from "../shell/panels.ts";
import { goTo } from "./unreadable.ts";

/** Opens what holds the field and puts the focus into it. */
export function showProblem({ path }: Pick<Problem, "path">): void {
  const [layout, list, index] = path;
  const region = layout === "layout" && list === "regions" ? draft.peek().layout.regions[Number(index)] : undefined;
  batch(() => {
    if (region !== undefined) selection.value = [region.key];
    panel.value = region === undefined ? "picture" : "region";
  });
  requestAnimationFrame(() => focusField(path));
}

/** Selects a region by its name and shows its panel. */
export function showRegion(name: string): void {
  const region = draft.peek().layout.regions.find((region) => region.name === name);
  if (region === undefined) return;
  batch(() => {
    selection.value = [region.key];
    panel.value = "region";
  });
}

/** What of a field takes the focus, the best first. */
const CONTROLS = ["[aria-invalid=true]", "input, textarea, select", "button"];

/** Focuses the field of a path, or of the nearest path above it that has one. */
export function focusField(path: readonly string[]): void {
  for (let length = path.length; length > 0; length--) {
    const field = document.querySelector(`[data-path="${CSS.escape(path.slice(0, length).join("."))}"]`);
    if (field === null) continue;
    const [control] = CONTROLS.flatMap((kind) => field.querySelector<HTMLElement>(kind) ?? []);
    if (control !== undefined) goTo(control);
    return;
  }
  document.getElementById("panel")?.focus();
}
