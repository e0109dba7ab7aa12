/** What is said of the selected region: its prompt, its place, how it is painted. */

import type { JSX } from "preact";
import { draft, selected, selection } from "../draft/store.ts";
import { AnewButton } from "../paint/anew_button.tsx";
import { RegionFields } from "./region_fields.tsx";
import { RegionName } from "./region_name.tsx";

export function RegionPanel(): JSX.Element {
  const regions = selected.value;
  return (
    <section aria-label="Region" class="fields">
      {regions.length === 0 ? <Nothing /> : (
        <>
          <RegionName regions={regions} />
          <AnewButton />
          <RegionFields key={regions.map(({ key }) => key).join()} regions={regions} />
        </>
      )}
    </section>
  );
}

/** Says how a region is selected, and offers them. */
function Nothing(): JSX.Element {
  const { regions } = draft.value.layout;
  if (regions.length === 0) {
    return (
      <p class="hint">There are no regions yet: the picture's own prompt paints everything. Draw one on the canvas.</p>
    );
  }
  return (
    <>
      <p class="hint">Select a region on the canvas, in the list, or here.</p>
      <div class="pick">
        {regions.map(({ key, name }) => (
          <button key={key} type="button" onClick={() => selection.value = [key]}>{name}</button>
        ))}
      </div>
    </>
  );
}
