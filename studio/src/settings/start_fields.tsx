/** A picture to start from, what of it is painted anew, and variations of a seed. */

import type { JSX } from "preact";
import { draft } from "../draft/store.ts";
import { NumberField } from "../fields/number_field.tsx";
import { SeedField } from "../fields/seed_field.tsx";
import { SelectField } from "../fields/select_field.tsx";
import { SwitchField } from "../fields/switch_field.tsx";
import { set } from "./edit_picture.ts";
import { ImageField } from "./image_field.tsx";
import { model } from "./server.ts";

export function StartFields(): JSX.Element {
  const { settings } = draft.value;
  const capabilities = model.value?.capabilities;
  const canStart = capabilities?.startsFromPictures !== false || settings.initImage;
  return (
    <details open={capabilities?.inpainting || !!settings.initImage}>
      <summary>{canStart ? "Start from a picture, variations" : "Variations"}</summary>
      {canStart && <InitImageFields />}
      <SeedField
        label="Another seed"
        paths={["variationSeed"]}
        help="Towards which the start is turned"
        value={settings.variationSeed ?? undefined}
        placeholder="none"
        onValue={set("variationSeed")}
      />
      {settings.variationSeed !== undefined && (
        <NumberField
          label="How far"
          paths={["variationStrength"]}
          help="0 is the picture's seed, 1 the other"
          value={settings.variationStrength ?? undefined}
          step={0.01}
          slider={{ min: 0, max: 1, standing: 0 }}
          onValue={set("variationStrength")}
        />
      )}
    </details>
  );
}

function InitImageFields(): JSX.Element {
  const { settings } = draft.value;
  return (
    <>
      <ImageField
        label="Picture to start from"
        path="initImage"
        value={settings.initImage ?? undefined}
        onValue={set("initImage")}
      />
      {settings.initImage && (
        <NumberField
          label="Strength"
          paths={["strength"]}
          help="How much is painted anew, more than 0, to 1"
          value={settings.strength ?? undefined}
          placeholder={settings.maskImage || settings.maskRegion ? "1" : "0.8"}
          step={0.05}
          slider={{ min: 0.05, max: 1, standing: 0.8 }}
          onValue={set("strength")}
        />
      )}
      {(settings.initImage || settings.maskImage || settings.maskRegion) && <MaskFields />}
    </>
  );
}

function MaskFields(): JSX.Element {
  const { layout, settings } = draft.value;
  return (
    <>
      <SelectField
        label="Paint anew only the place of"
        paths={["maskRegion"]}
        value={settings.maskRegion ?? undefined}
        standing="everything"
        choices={layout.regions.map(({ name }) => ({ value: name, label: name }))}
        onValue={set("maskRegion")}
      />
      <ImageField
        label="Or where this picture is white"
        path="maskImage"
        value={settings.maskImage ?? undefined}
        onValue={set("maskImage")}
      />
      {(settings.maskImage || settings.maskRegion) && (
        <>
          <SwitchField
            label="Everything but that"
            paths={["maskInverted"]}
            value={settings.maskInverted ?? false}
            onValue={(inverted) => set("maskInverted")(inverted || undefined)}
          />
          <NumberField
            label="Mask's feather"
            paths={["maskFeather"]}
            help="How soft its border is, 0 to 0.5 of the short edge"
            value={settings.maskFeather ?? undefined}
            placeholder="0"
            step={0.01}
            slider={{ min: 0, max: 0.5, standing: 0 }}
            onValue={set("maskFeather")}
          />
        </>
      )}
    </>
  );
}
