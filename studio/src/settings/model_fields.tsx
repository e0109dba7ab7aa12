/** Which model paints. */

import type { JSX } from "preact";
import { draft } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";
import { SelectField } from "../fields/select_field.tsx";
import { set } from "./edit_picture.ts";
import { type Model, model, models } from "./server.ts";
import { bytes } from "../dry_run/in_words.ts";

export function ModelFields(): JSX.Element {
  const { settings } = draft.value;
  const refused = models.value.filter(({ state }) => state === "REFUSED");
  const standing = report.value === null ? "the server's first" : `the server's first: ${report.value.model}`;
  return (
    <>
      <SelectField
        label="Model"
        paths={["model"]}
        help={model.value === undefined ? undefined : about(model.value)}
        value={settings.model ?? undefined}
        standing={settings.model ? "the server's first" : standing}
        choices={models.value.filter(({ state }) => state !== "REFUSED").map(({ name }) => ({
          value: name,
          label: name,
        }))}
        onValue={set("model")}
      />
      {refused.map(({ name, refusal }) => <p key={name} class="hint">{name} cannot be used: {refusal}</p>)}
    </>
  );
}

/** State, size and memory in a line. */
function about({ state, capabilities, memoryBytes }: Model): string {
  return [
    state === "LOADED" ? "In memory" : "Loads when first used",
    ...capabilities === null ? [] : [`made for ${capabilities.nativeSize} × ${capabilities.nativeSize} pixels`],
    ...memoryBytes === null ? [] : [`takes about ${bytes(memoryBytes)}`],
  ].join(", ");
}
