/** How regions share the canvas, and how prompts are read. */

import type { JSX } from "preact";
import { draft } from "../draft/store.ts";
import { focusField } from "../fields/show_problem.ts";
import { NumberField } from "../fields/number_field.tsx";
import { PromptField } from "../regions/prompt_field.tsx";
import { SelectField } from "../fields/select_field.tsx";
import { WindowField } from "../fields/window_field.tsx";
import { set, setInLayout } from "./edit_picture.ts";
import { model } from "./server.ts";

const HOLES = [
  { value: "BASE", label: "the base prompt" },
  { value: "NEAREST", label: "the nearest region" },
  { value: "ERROR", label: "nobody: refuse the layout" },
] as const;
const SYNTAXES = [
  { value: "WEIGHTED", label: "with weights: (word:1.2)" },
  { value: "PLAIN", label: "as plain text" },
] as const;
const EMPHASES = [
  { value: "NO_NORM", label: "plainly (AUTOMATIC1111's No norm)" },
  { value: "A1111", label: "as AUTOMATIC1111's Original" },
  { value: "COMFY", label: "as ComfyUI" },
  { value: "COMPEL", label: "as Compel" },
] as const;

export function LayoutFields(): JSX.Element {
  const { layout, settings } = draft.value;
  return (
    <details>
      <summary>Regions and prompts</summary>
      {layout.regions.length > 1 && (
        <p class="hint">
          Where regions overlap {layout.overlap === "Z_ORDER" ? "the one in front wins" : "they share by weight"}.{" "}
          <button type="button" class="plain" onClick={() => focusField(["layout", "overlap"])}>
            Choose in the list of regions
          </button>
        </p>
      )}
      <SelectField
        label="Holes are painted by"
        paths={["layout.holes"]}
        value={layout.holes ?? "BASE"}
        choices={HOLES}
        onValue={setInLayout("holes")}
      />
      <SelectField
        label="Prompts are read"
        paths={["layout.promptSyntax"]}
        value={layout.promptSyntax ?? "WEIGHTED"}
        choices={SYNTAXES}
        onValue={setInLayout("promptSyntax")}
      />
      <SelectField
        label="Weights count"
        paths={["layout.emphasis"]}
        value={layout.emphasis ?? "NO_NORM"}
        choices={EMPHASES}
        onValue={setInLayout("emphasis")}
      />
      <PromptField
        label="Common negative prompt"
        paths={["layout.commonNegativePrompt"]}
        help="Joined to every negative prompt"
        value={layout.commonNegativePrompt ?? ""}
        onValue={setInLayout("commonNegativePrompt")}
      />
      <NumberField
        label="Attention mode until"
        paths={["modeUntil"]}
        help="Share of the steps, from which on latent mode paints; more than 0, to 1"
        value={settings.modeUntil ?? undefined}
        placeholder="1"
        step={0.05}
        slider={{ min: 0.05, max: 1, standing: 1 }}
        onValue={set("modeUntil")}
      />
      <WindowField
        label="Guides during"
        paths={{ start: ["guidanceStart"], end: ["guidanceEnd"] }}
        start={settings.guidanceStart ?? undefined}
        end={settings.guidanceEnd ?? undefined}
        steps={settings.steps ?? model.value?.capabilities?.defaultSteps}
        onStart={set("guidanceStart")}
        onEnd={set("guidanceEnd")}
      />
    </details>
  );
}
