/** How large the picture is. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { draft, editSettings } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";
import { NumberField } from "../fields/number_field.tsx";
import { model } from "./server.ts";
import { otherEdge, presets } from "./sizes.ts";

/** Whether width and height change together. */
const locked = signal(false);

export function SizeFields(): JSX.Element {
  const { settings } = draft.value;
  const { nativeSize = 512, sizeMultiple = 8 } = model.value?.capabilities ?? {};
  const standing = { width: report.value?.width, height: report.value?.height };
  const put = (name: "width" | "height", other: "width" | "height") => (value: number | undefined) => {
    const [from, across] = [settings[name] ?? standing[name], settings[other] ?? standing[other]];
    const follows = locked.value && value !== undefined && value > 0 && from && across;
    const edge = follows ? { [other]: otherEdge(value, from, across, sizeMultiple) } : {};
    editSettings({ [name]: value, ...edge }, `setting ${name}`);
  };
  const sizes = presets(nativeSize, sizeMultiple);
  const chosen = sizes.findIndex(({ width, height }) => width === settings.width && height === settings.height);
  return (
    <div class="size" role="group" aria-label="Size">
      <div class="pair">
        <NumberField
          label="Width"
          paths={["width"]}
          help={`Pixels, in steps of ${sizeMultiple}`}
          value={settings.width ?? undefined}
          placeholder={standing.width?.toString()}
          step={sizeMultiple}
          onValue={put("width", "height")}
        />
        <NumberField
          label="Height"
          paths={["height"]}
          value={settings.height ?? undefined}
          placeholder={standing.height?.toString()}
          step={sizeMultiple}
          onValue={put("height", "width")}
        />
      </div>
      <div class="pair">
        <label class="inline">
          <span>Shape</span>
          <select
            value={chosen}
            onChange={({ currentTarget }) => {
              const size = sizes[Number(currentTarget.value)];
              editSettings({ width: size?.width, height: size?.height });
            }}
          >
            <option value={-1}>{settings.width || settings.height ? "own" : "the layout's"}</option>
            {sizes.map(({ label, width, height }, i) => (
              <option key={label} value={i}>{label} · {width} × {height}</option>
            ))}
          </select>
        </label>
        <label class="inline">
          <input
            type="checkbox"
            checked={locked}
            onChange={({ currentTarget }) => locked.value = currentTarget.checked}
          />
          <span>Keep the shape</span>
        </label>
      </div>
    </div>
  );
}
