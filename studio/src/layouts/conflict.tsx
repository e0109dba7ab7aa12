/** The saved layout has another version by now: what changed there, and what is to become of the draft. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { draft } from "../draft/store.ts";
import { ChangeList } from "./change_list.tsx";
import type { LayoutChange } from "./changes.ts";
import { open, save, saveNew } from "./saved.ts";
import { changesBetween } from "./versions.tsx";

export function Conflict({ current }: { current: number }): JSX.Element | null {
  const from = draft.value.origin;
  const changes = useSignal<readonly LayoutChange[]>([]);
  useEffect(() => {
    if (from === null) return;
    void changesBetween(from.id, from.version, current).then((found) => changes.value = found ?? []);
  }, [from?.id, from?.version, current]);
  if (from === null) return null;
  return (
    <div role="alert" class="conflict">
      <p>
        {from.name} is at version {current} by now; this draft comes from version {from.version}.
      </p>
      <details>
        <summary>What changed there</summary>
        <ChangeList changes={changes.value} />
      </details>
      <div class="paint-row">
        <button type="button" onClick={() => void save(from.name, current)}>Save mine as version {current + 1}</button>
        <button type="button" onClick={() => void open(from.id, current)}>Open version {current}</button>
        <button type="button" onClick={() => void saveNew(`${from.name} (copy)`.slice(-200))}>
          Save mine as a copy
        </button>
      </div>
    </div>
  );
}
