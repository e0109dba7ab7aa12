/** Which regions the panel is about, the name of a single one, and what is known of them as a whole. */

import type { JSX } from "preact";
import type { DraftRegion } from "../draft/draft.ts";
import { draft } from "../draft/store.ts";
import { warningsByRegion } from "../dry_run/dry_run.ts";
import { problemsAt, sentence } from "../fields/problems_at.ts";
import { TextField } from "../fields/text_field.tsx";
import { regionPaths, setInRegions } from "./edit_regions.ts";
import { Swatch } from "./swatch.tsx";

export function RegionName({ regions }: { readonly regions: readonly DraftRegion[] }): JSX.Element {
  const [first, ...others] = regions;
  if (first === undefined || others.length > 0) {
    return (
      <>
        <h2>{regions.length} regions</h2>
        <p class="hint">
          {regions.map(({ name }) => name).join(", ")}. What is changed here is changed in all of them.
        </p>
      </>
    );
  }
  const shapeProblems = regionPaths(regions, "geometry").flatMap(problemsAt);
  return (
    <>
      <h2 class="region-title">
        <Swatch index={draft.value.layout.regions.indexOf(first)} />
        {first.name}
      </h2>
      <TextField
        label="Name"
        paths={regionPaths(regions, "name")}
        value={first.name}
        onValue={(name) => setInRegions(regions, "name", name)}
      />
      {shapeProblems.map((problem) => <p key={problem.message} class="problem">Shape: {sentence(problem)}</p>)}
      {warningsByRegion.value.get(first.name)?.map(({ code, message }) => <p key={code} class="warning">{message}</p>)}
    </>
  );
}
