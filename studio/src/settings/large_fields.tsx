/** Pictures that are larger than what the model was trained for: a second pass, windows. */

import type { JSX } from "preact";
import type { SecondPassInput, WindowsInput } from "../api/generated.ts";
import { draft } from "../draft/store.ts";
import { NumberField } from "../fields/number_field.tsx";
import { SelectField } from "../fields/select_field.tsx";
import { SwitchField } from "../fields/switch_field.tsx";
import { set } from "./edit_picture.ts";
import { model } from "./server.ts";

const UPSCALES = [
  { value: "PIXEL", label: "the picture: sharper" },
  { value: "LATENT", label: "the latents: at no cost" },
] as const;

export function LargeFields(): JSX.Element {
  const { secondPass, windows } = draft.value.settings;
  return (
    <details>
      <summary>Large pictures</summary>
      <SwitchField
        label="Paint it again, larger"
        paths={secondPass ? [] : ["secondPass"]}
        value={!!secondPass}
        onValue={(on) => set("secondPass")(on ? { scale: 2 } : undefined)}
      />
      {secondPass && <SecondPassFields value={secondPass} />}
      <SwitchField
        label="Predict it in windows"
        paths={windows ? [] : ["windows"]}
        help="For sizes far beyond what the model was made for"
        value={!!windows}
        onValue={(on) => set("windows")(on ? {} : undefined)}
      />
      {windows && <WindowsFields value={windows} />}
    </details>
  );
}

function SecondPassFields({ value }: { readonly value: SecondPassInput }): JSX.Element {
  const { steps } = draft.value.settings;
  const put = (changes: { [Name in keyof SecondPassInput]?: SecondPassInput[Name] | undefined }) =>
    set("secondPass")(withoutGaps<SecondPassInput>({ ...value, ...changes }));
  return (
    <div class="inset">
      <NumberField
        label="Scale"
        paths={["secondPass.scale"]}
        help="Times as wide and high, more than 1"
        value={value.scale}
        step={0.25}
        onValue={(scale) => scale !== undefined && put({ scale })}
      />
      <NumberField
        label="Strength of the second pass"
        paths={["secondPass.strength"]}
        help="How much is painted anew, more than 0, to 1"
        value={value.strength ?? undefined}
        placeholder="0.5"
        step={0.05}
        slider={{ min: 0.05, max: 1, standing: 0.5 }}
        onValue={(strength) => put({ strength })}
      />
      <NumberField
        label="Steps of the second pass"
        paths={["secondPass.steps"]}
        value={value.steps ?? undefined}
        placeholder={(steps ?? model.value?.capabilities?.defaultSteps)?.toString()}
        onValue={(steps) => put({ steps })}
      />
      <SelectField
        label="Enlarges"
        paths={["secondPass.upscale"]}
        value={value.upscale ?? "PIXEL"}
        choices={UPSCALES}
        onValue={(upscale) => put({ upscale })}
      />
    </div>
  );
}

function WindowsFields({ value }: { readonly value: WindowsInput }): JSX.Element {
  const { nativeSize, sizeMultiple } = model.value?.capabilities ?? {};
  const put = (changes: { [Name in keyof WindowsInput]?: WindowsInput[Name] | undefined }) =>
    set("windows")(withoutGaps<WindowsInput>({ ...value, ...changes }));
  return (
    <div class="inset pair">
      <NumberField
        label="Window"
        paths={["windows.size"]}
        help="Edge in pixels"
        value={value.size ?? undefined}
        placeholder={nativeSize?.toString()}
        step={sizeMultiple ?? 8}
        onValue={(size) => put({ size })}
      />
      <NumberField
        label="Overlap of windows"
        paths={["windows.overlap"]}
        help="Pixels"
        value={value.overlap ?? undefined}
        placeholder={nativeSize === undefined ? undefined : `${(value.size ?? nativeSize) / 4}`}
        step={sizeMultiple ?? 8}
        onValue={(overlap) => put({ overlap })}
      />
    </div>
  );
}

function withoutGaps<Fields extends object>(fields: { [Name in keyof Fields]: Fields[Name] | undefined }): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
