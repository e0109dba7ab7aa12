/** How the picture is painted: steps, guidance, sampler, seed, and where regions are kept apart. */

import type { JSX } from "preact";
import { draft } from "../draft/store.ts";
import { NumberField } from "../fields/number_field.tsx";
import { SeedField } from "../fields/seed_field.tsx";
import { SelectField } from "../fields/select_field.tsx";
import { set } from "./edit_picture.ts";
import { model, samplers } from "./server.ts";

const MODES = [
  { value: "ATTENTION", label: "attention: one pass for all regions" },
  { value: "LATENT", label: "latent: one pass for each region" },
] as const;

export function SamplingFields(): JSX.Element {
  const { settings } = draft.value;
  const capabilities = model.value?.capabilities;
  return (
    <>
      <div class="pair">
        <NumberField
          label="Steps"
          paths={["steps"]}
          value={settings.steps ?? undefined}
          placeholder={capabilities?.defaultSteps.toString()}
          onValue={set("steps")}
        />
        <NumberField
          label="Guidance"
          paths={["guidanceScale"]}
          help="1 is none, to 100"
          value={settings.guidanceScale ?? undefined}
          placeholder={capabilities?.defaultGuidanceScale.toString()}
          step={0.5}
          onValue={set("guidanceScale")}
        />
      </div>
      <SamplerFields />
      <SeedField
        label="Seed"
        paths={["seed"]}
        value={settings.seed ?? undefined}
        placeholder="another each time"
        onValue={set("seed")}
      />
      <SelectField
        label="Mode"
        paths={["mode"]}
        value={settings.mode ?? "ATTENTION"}
        choices={MODES}
        onValue={set("mode")}
      />
      <NumberField
        label="Pictures"
        paths={["count"]}
        help="Of this seed and of those after it"
        value={settings.count ?? undefined}
        placeholder="1"
        onValue={set("count")}
      />
    </>
  );
}

function SamplerFields(): JSX.Element {
  const { settings } = draft.value;
  const own = model.value?.defaultSampler;
  const sampler = samplers.value.find(({ name }) => name === (settings.sampler ?? own?.name));
  return (
    <>
      <SelectField
        label="Sampler"
        paths={["sampler"]}
        help={sampler?.description}
        value={settings.sampler ?? undefined}
        standing={own ? `the model's: ${own.label}` : "the model's"}
        choices={samplers.value.map(({ name, label }) => ({ value: name, label }))}
        onValue={set("sampler")}
      />
      <SelectField
        label="Schedule"
        paths={["schedule"]}
        value={settings.schedule ?? undefined}
        standing="the model's"
        choices={(sampler?.schedules ?? []).map((name) => ({ value: name, label: name }))}
        onValue={set("schedule")}
      />
    </>
  );
}
