/** The fields of the selected regions: those that all of them share, where there are several. */

import type { JSX } from "preact";
import type { DraftRegion } from "../draft/draft.ts";
import { draft } from "../draft/store.ts";
import { regionReports } from "../dry_run/dry_run.ts";
import { LorasField } from "../fields/loras_field.tsx";
import { NumberField } from "../fields/number_field.tsx";
import { SeedField } from "../fields/seed_field.tsx";
import { TextField } from "../fields/text_field.tsx";
import { WindowField } from "../fields/window_field.tsx";
import { model } from "../settings/server.ts";
import { heedsNegatives } from "../settings/offered.ts";
import { regionPaths, setInRegions, shared } from "./edit_regions.ts";
import { writeNext } from "./next_prompt.ts";
import { PromptField } from "./prompt_field.tsx";

interface Props {
  readonly regions: readonly DraftRegion[];
}

export function RegionFields({ regions }: Props): JSX.Element {
  const [first] = regions;
  const single = regions.length === 1 ? first : undefined;
  return (
    <>
      {single !== undefined && <Prompts region={single} />}
      <TextField
        label="Style"
        paths={regionPaths(regions, "style")}
        help="Put behind the prompt"
        value={text(shared(regions, "style"))}
        placeholder={differs(regions, "style")}
        onValue={(style) => setInRegions(regions, "style", style === "" ? undefined : style)}
      />
      <Share regions={regions} />
      <Window regions={regions} />
      <details open={regions.some(({ seed, guidanceScale, loras }) => seed ?? guidanceScale ?? loras)}>
        <summary>Seed, guidance, LoRAs</summary>
        <Rest regions={regions} />
      </details>
    </>
  );
}

function Prompts({ region }: { readonly region: DraftRegion }): JSX.Element {
  const regions = [region];
  const told = regionReports.value.get(region.name);
  const { layout } = draft.value;
  return (
    <>
      <PromptField
        label="Prompt"
        paths={regionPaths(regions, "prompt")}
        help={`${
          layout.commonPrompt ? `“${layout.commonPrompt}” is joined to it, and counted. ` : ""
        }Enter goes on to the next region`}
        value={region.prompt}
        counted={told?.prompt}
        onValue={(prompt) => setInRegions(regions, "prompt", prompt)}
        onEnter={() => writeNext(region.key)}
      />
      {(heedsNegatives.value || region.negativePrompt) && (
        <PromptField
          label="Negative prompt"
          paths={regionPaths(regions, "negativePrompt")}
          value={region.negativePrompt ?? ""}
          placeholder={layout.negativePrompt || "what to keep away from here"}
          counted={told?.negativePrompt}
          onValue={(negative) => setInRegions(regions, "negativePrompt", negative === "" ? undefined : negative)}
        />
      )}
    </>
  );
}

/** How much of its place a region gets. */
function Share({ regions }: Props): JSX.Element {
  const field = (name: "weight" | "baseRatio" | "feather") => ({
    paths: regionPaths(regions, name),
    value: number(shared(regions, name)),
    onValue: (value: number | undefined) => setInRegions(regions, name, value),
  });
  return (
    <>
      <NumberField
        {...field("weight")}
        label="Weight"
        help="Share where it overlaps others, more than 0"
        placeholder={differs(regions, "weight") ?? "1"}
        step={0.05}
        slider={{ min: 0.05, max: 3, standing: 1 }}
      />
      <NumberField
        {...field("baseRatio")}
        label="Base ratio"
        help="Share that is left to the picture's own prompt, 0 to 1"
        placeholder={differs(regions, "baseRatio") ?? "0"}
        step={0.05}
        slider={{ min: 0, max: 1, standing: 0 }}
      />
      <NumberField
        {...field("feather")}
        label="Feather"
        help="How soft the border is, 0 to 0.5 of the short edge"
        placeholder={differs(regions, "feather") ?? "0"}
        step={0.01}
        slider={{ min: 0, max: 0.5, standing: 0 }}
      />
    </>
  );
}

function Window({ regions }: Props): JSX.Element {
  return (
    <WindowField
      label="Paints during"
      paths={{ start: regionPaths(regions, "start"), end: regionPaths(regions, "end") }}
      start={number(shared(regions, "start"))}
      end={number(shared(regions, "end"))}
      steps={draft.value.settings.steps ?? model.value?.capabilities?.defaultSteps}
      onStart={(start) => setInRegions(regions, "start", start)}
      onEnd={(end) => setInRegions(regions, "end", end)}
    />
  );
}

function Rest({ regions }: Props): JSX.Element {
  const { settings } = draft.value;
  const guidance = number(shared(regions, "guidanceScale"));
  const hasGuidance = model.value?.capabilities?.supportsRegionGuidance !== false || settings.mode === "LATENT";
  const loras = shared(regions, "loras");
  return (
    <>
      <SeedField
        label="Seed"
        paths={regionPaths(regions, "seed")}
        help="Of its part of the noise: the rest of the picture stays"
        value={number(shared(regions, "seed"))}
        placeholder={differs(regions, "seed") ?? "the picture's"}
        onValue={(seed) => setInRegions(regions, "seed", seed)}
      />
      {(hasGuidance || guidance !== undefined) && (
        <NumberField
          label="Guidance"
          paths={regionPaths(regions, "guidanceScale")}
          help="How strongly its prompt is followed, 0 to 100"
          value={guidance}
          placeholder={differs(regions, "guidanceScale") ?? "the picture's"}
          step={0.5}
          onValue={(scale) => setInRegions(regions, "guidanceScale", scale)}
        />
      )}
      {loras !== "differs" && (
        <LorasField
          label="LoRAs of this region"
          path={regionPaths(regions, "loras")[0] ?? ""}
          value={loras ?? []}
          onValue={(value) => setInRegions(regions, "loras", value)}
        />
      )}
    </>
  );
}

function text(value: string | null | undefined): string {
  return value === "differs" ? "" : value ?? "";
}

function number(value: number | "differs" | null | undefined): number | undefined {
  return value === "differs" ? undefined : value ?? undefined;
}

/** The placeholder where regions differ. */
function differs(regions: readonly DraftRegion[], name: keyof DraftRegion): string | undefined {
  return shared(regions, name) === "differs" ? "several" : undefined;
}
