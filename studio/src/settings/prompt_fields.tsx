/** Prompts of the picture: what is painted where no region is, and what goes with every prompt. */

import type { JSX } from "preact";
import { draft } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";
import { SelectField } from "../fields/select_field.tsx";
import { TextField } from "../fields/text_field.tsx";
import { PromptField } from "../regions/prompt_field.tsx";
import { setInLayout } from "./edit_picture.ts";
import { heedsNegatives } from "./offered.ts";

const PLACEMENTS = [
  { value: "PREFIX", label: "before: common, prompt" },
  { value: "SUFFIX", label: "behind: prompt, common" },
] as const;

export function PromptFields(): JSX.Element {
  const { layout } = draft.value;
  return (
    <>
      <PromptField
        label="Base prompt"
        paths={["layout.basePrompt"]}
        help="Paints what regions leave"
        value={layout.basePrompt ?? ""}
        counted={report.value?.base}
        onValue={setInLayout("basePrompt")}
      />
      <TextField
        label="Common prompt"
        paths={["layout.commonPrompt"]}
        help="Joined to every prompt"
        value={layout.commonPrompt ?? ""}
        onValue={setInLayout("commonPrompt")}
      />
      {layout.commonPrompt && (
        <SelectField
          label="Where it stands"
          paths={["layout.commonPlacement"]}
          value={layout.commonPlacement ?? "PREFIX"}
          choices={PLACEMENTS}
          onValue={setInLayout("commonPlacement")}
        />
      )}
      {(heedsNegatives.value || layout.negativePrompt) && (
        <PromptField
          label="Negative prompt"
          paths={["layout.negativePrompt"]}
          help={heedsNegatives.value
            ? "What to keep away, also from regions without their own"
            : "This model does not heed it without guidance"}
          value={layout.negativePrompt ?? ""}
          counted={report.value?.baseNegative}
          onValue={setInLayout("negativePrompt")}
        />
      )}
    </>
  );
}
